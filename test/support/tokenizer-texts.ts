import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const source = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');

/** Texts of every kind that prompts have, without U+FEFF and U+0085, on which tokenizers in JavaScript go wrong. */
export const TEXTS: Readonly<Record<string, string>> = {
  prose: source('README.md'),
  code: source('src', 'prompts', 'counting', 'pieces.ts'),
  yaml: source('rates', 'counting.yaml'),
  json: source('package.json'),
  Chinese: '我的订单在哪里?请用一句话礼貌地回复客户,并附上配送状态。\n'.repeat(20),
  Japanese:
    'お客様の注文は本日発送されました。ご不明な点がございましたら、お知らせください。\n'.repeat(20),
  Korean: '주문하신 상품은 오늘 발송되었습니다. 궁금한 점이 있으면 알려 주세요.\n'.repeat(20),
  Russian: 'Ваш заказ отправлен сегодня, и курьер позвонит вам за час до доставки.\n'.repeat(20),
  Arabic: 'تم شحن طلبك اليوم، وسيتصل بك المندوب قبل ساعة من التسليم.\n'.repeat(20),
  Hindi: 'आपका ऑर्डर आज भेज दिया गया है और जल्द ही पहुँच जाएगा।\n'.repeat(20),
  Thai: 'คำสั่งซื้อของคุณถูกจัดส่งแล้ววันนี้\n'.repeat(20),
  emoji: '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽👍🏿 🇩🇪🇫🇷 1️⃣ ❤️‍🔥 \u{1FAE9}',
  'long digits': `${'1234567890'.repeat(40)} 3.14159265358979 0x7fffffff ٣٤٥ ½²`,
  'white space': ' \t \r\n\n  \n x \u00a0\u2003\u3000 y   \r\r end   ',
  'cases and marks': `HTTPServer iPhone ÀÉÎ straße ǅungla DON'T we'LL I'Ve ŉ e\u0301A\u0301B ʰᵃ 'sS ''re`,
  'special tokens': '<|endoftext|><|im_start|>user<|fim_prefix|> <|endofprompt|>',
  'lone surrogates': 'a\ud83d b\ude00 c\ud83d\ud83d\ude00',
  controls: 'a\0b\u0001\u001b[31m\u007f\u0080\u200b\u2028x',
};
