#!/usr/bin/env node
import { Command } from 'commander';

const program = new Command('infercore').description('ONNX models on the command line');
program.parse();
