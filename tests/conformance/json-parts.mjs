/** What many files of the goldens are made of. */

export const added = (id, content, flags = {}) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: false,
  ...flags,
});

// The pieces of a template.
export const special = (id, type_id) => ({ SpecialToken: { id, type_id } });
export const sequence = (id, type_id) => ({ Sequence: { id, type_id } });
