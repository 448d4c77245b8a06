/** Texts on which tokenizers differ. */
export const SAMPLES: readonly (readonly [name: string, text: string])[] = [
  [
    'English',
    'Call me Ishmael. Some years ago—never mind how long precisely—I thought I would sail about a little.',
  ],
  ['Emoji', 'A family 👨‍👩‍👧‍👦, a flag 🇳🇴, a wave 👋🏽 and a heart ❤️.'],
  ['Chinese, Japanese', '我能吞下玻璃而不伤身体。私はガラスを食べられます。'],
  ['Code', 'for (const [i, x] of xs.entries()) {\n  if (x >= 0.5) console.log(`${i}: ${x}`);\n}'],
  [
    'Combining marks',
    'Ame\u0301lie\u2019s nai\u0308ve cafe\u0301, and Ame\u0301lie again: Amélie’s naïve café.',
  ],
  ['Numbers', 'On 2026-11-21 it was 3.14159 times 1,000,000 = 3141590.'],
  ['Rare', 'Zyzzyva ﬁﬂ ① ½ 𝔐𝔞𝔱𝔥 \u200bhidden\u00a0spaces\tand tabs'],
];
