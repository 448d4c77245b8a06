export interface Setting {
  name: string;
  purpose: string;
  isolated: boolean;
  env?: { wasm?: object; core?: object };
  options?: Record<string, unknown>;
  used?: string[];
}
export const SETTINGS: Setting[];
