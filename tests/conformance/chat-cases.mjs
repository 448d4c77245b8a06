/** Conversations, and templates that use what real ones use. */

const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The “weather” <now> & here',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** name → messages, and options in the spelling of transformers; what no option is goes to the template. */
export const conversations = {
  one: { messages: [{ role: 'user', content: 'Hello, how are you?' }] },
  several: {
    messages: [
      { role: 'system', content: 'You are kind.' },
      { role: 'user', content: '  Hi 🙂\n' },
      { role: 'assistant', content: 'Hello!' },
      { role: 'user', content: 'Bye  ' },
    ],
    options: { add_generation_prompt: true },
  },
  tools: {
    messages: [
      { role: 'user', content: 'Weather in Paris?' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          {
            type: 'function',
            id: '1',
            function: {
              name: 'weather',
              arguments: {
                city: 'Paris',
                n: 1.5,
                ok: true,
                none: null,
                list: [1, 'zwei', '\u2028'],
              },
            },
          },
        ],
      },
      { role: 'tool', content: '{"t": 20}', tool_call_id: '1' },
    ],
    options: { add_generation_prompt: true, tools: [weather] },
  },
  documents: {
    messages: [{ role: 'user', content: 'What does it say?' }],
    options: {
      documents: [
        { title: 'A', text: 'first' },
        { title: 'B', text: 'second' },
      ],
    },
  },
  parts: {
    messages: [
      { role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'What is this?' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'A whale.' }] },
    ],
  },
  thoughts: {
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: '<think>\nhm\n</think>\n\nyes' },
      { role: 'user', content: 'why' },
    ],
    options: { add_generation_prompt: true, enable_thinking: false },
  },
  twice: {
    messages: [
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
    ],
  },
  none: { messages: [] },
};

const headers = `{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|>\\n\\n' + message['content'] | trim + '<|end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n\\n' }}{% endif %}`;

/** The constructs of Jinja that templates of models use. */
const constructs = `
{#- a comment -#}
{%- macro show(item, last=false, before='-') -%}
  {{ before }}{{ item.role | upper }}: {{ item.content if item.content is string else item.content | tojson }}{% if not last %},{% endif %}
{%- endmacro -%}
{%- set ns = namespace(seen=0, roles=[]) -%}
{%- for message in messages if message.role != 'system' -%}
  {%- set ns.seen = ns.seen + 1 -%}
  {%- set ns.roles = ns.roles + [message['role']] -%}
  {%- if loop.first %}[{% endif -%}
  {{ show(message, last=loop.last) }}
  {%- if loop.index0 % 2 == 1 and not loop.last %} | {% endif -%}
  {%- if message.tool_calls is defined and message.tool_calls -%}
    {%- for call in message.tool_calls -%}
      {{ '\\n' ~ call.function.name ~ ' ' ~ (call.function.arguments | tojson(indent=2)) }}
      {%- for key, value in call.function.arguments | dictsort %} {{ key }}={{ value }}{% endfor -%}
    {%- endfor -%}
  {%- endif -%}
{%- else -%}
  nobody
{%- endfor -%}
{%- for number in range(5, 0, -2) %} {{ number }}{% if number == 3 %}{% continue %}{% endif %};{% endfor -%}
{%- if messages | length > 1 and messages[-1].role in ['user', 'tool'] %} last={{ messages[-1]['role'] | capitalize }}{% elif tools is none %} alone{% endif -%}
{%- set text %}block {{ ns.seen }}{% endset %} {{ text | replace('block', 'of') | trim }} {{ ns.roles | join('/') }}
{{- ' ' + (messages | map(attribute='role') | list | string) }} {{ messages | selectattr('role', 'equalto', 'user') | list | length }} {{ (tools or []) | tojson }}
{%- for message in messages[1:] %}{% if loop.index > 2 %}{% break %}{% endif %}{{ ' ' ~ message.content | length }}{% endfor -%}
`;

const strict = `{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}{%- set first = messages[0]['content'] + '\\n\\n' -%}{%- set rest = messages[1:] -%}{%- else -%}{%- set first = '' -%}{%- set rest = messages -%}{%- endif -%}
{%- for message in rest -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Roles must alternate, not " + message['role'] + "/" + message['role']) }}
    {%- endif -%}
    {{ '<turn>' + message.role + '\\n' + (first if loop.first else '') }}
    {%- if message.content is string -%}{{ message.content | trim }}{%- elif message.content is iterable -%}{%- for item in message.content -%}{%- if item['type'] == 'image' -%}{{ '<image>' }}{%- elif item['type'] == 'text' -%}{{ item['text'] | trim }}{%- endif -%}{%- endfor -%}{%- else -%}{{ raise_exception("Invalid content type") }}{%- endif -%}{{ '<end>\\n' }}
{%- endfor -%}
`;

const named = [
  { name: 'default', template: `${headers}{{ eos_token }}` },
  { name: 'tool_use', template: `TOOLS {{ tools | tojson }} ${headers}` },
  {
    name: 'rag',
    template: `{% for document in documents %}{{ loop.index }}: {{ document.title }} {{ document.text }}\n{% endfor %}${headers}`,
  },
];

/** name → tokenizer_config.json, and the template to ask for by name. */
export const configurations = {
  headers: { config: { bos_token: '<s>', chat_template: headers } },
  strict: {
    config: { bos_token: { __type: 'AddedToken', content: '<b>' }, chat_template: strict },
  },
  constructs: { config: { chat_template: constructs } },
  named: { config: { bos_token: '<s>', eos_token: '</s>', chat_template: named } },
  rag: { config: { bos_token: '<s>', chat_template: named }, chat_template: 'rag' },
};
