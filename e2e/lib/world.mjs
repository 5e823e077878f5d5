/** A small world to look at: people of two languages with faces, folders, groups and talk. */
import { Api, befriend } from "./api.mjs";
import { landscape, png, wav } from "./picture.mjs";

/** @typedef {[number, number, number]} Colour */

/** @type {{username: string, name: string, signature: string, face?: [Colour, Colour]}[]} */
const PEOPLE = [
  { username: "lin_yue", name: "林月", signature: "慢慢来，比较快。", face: [[226, 109, 92], [255, 225, 198]] },
  { username: "kate_green", name: "Kate Green", signature: "Tea first, then code.", face: [[72, 127, 163], [240, 231, 216]] },
  { username: "chen_hao", name: "陈浩", signature: "摄影 / 骑行 / 火锅" },
  { username: "tom_baker", name: "Tom Baker", signature: "", face: [[58, 110, 92], [245, 214, 186]] },
  { username: "su_qing", name: "苏晴", signature: "在图书馆", face: [[150, 120, 190], [255, 236, 214]] },
  { username: "maria", name: "María Fernández", signature: "¡Hola! Learning 中文" },
  { username: "zhao_lei", name: "赵磊", signature: "" },
  { username: "wang_fang", name: "王芳", signature: "工作日 9:00–18:00 回复" },
];

/**
 * @param {string} origin
 * @returns {Promise<{me: Api, people: Api[], direct: number, group: number, files: number, saved: number, link: string}>} whose eyes we look
 *   through, everybody else, and what is worth opening
 */
export async function world(origin) {
  const me = await Api.register(origin, "penguin", { name: "小企鹅 Penny" });
  await me.patch("/me", { signature: "A rookery is where penguins gather. 企鹅聚集的地方。" });
  await me.putPicture("/me/avatar", png(128, [38, 70, 110], [250, 250, 250]));
  const people = [];
  for (const person of PEOPLE) {
    const api = await Api.register(origin, person.username, { name: person.name });
    if (person.signature) await api.patch("/me", { signature: person.signature });
    if (person.face) await api.putPicture("/me/avatar", png(128, ...person.face));
    people.push(api);
  }
  const [lin, kate, chen, tom, su, maria, zhao, wang] = people;
  const direct = await befriend(me, lin);
  const others = [];
  for (const friend of [kate, chen, tom, su]) others.push(await befriend(me, friend));
  await me.patch(`/friends/${chen.user?.id}`, { folder: "同事", remark: "陈浩（设计部）" });
  await me.patch(`/friends/${tom.user?.id}`, { folder: "同事" });
  await zhao.post("/friend_requests", { user_id: me.user?.id, note: "你好，我是三班的赵磊" });
  await maria.post("/friend_requests", { user_id: me.user?.id, note: "We met at the language exchange!" });
  await me.post("/friend_requests", { user_id: wang.user?.id, note: "王老师好，我是小企鹅" });

  const group = await me.post("/groups", {
    name: "周末羽毛球 Badminton",
    description: "每周六下午，新手欢迎。Every Saturday, beginners welcome.",
    join_policy: "approval",
  });
  for (const friend of [lin, kate, chen, tom, su]) {
    await me.post(`/groups/${group.id}/members`, { user_id: friend.user?.id });
  }
  await me.patch(`/groups/${group.id}/members/${lin.user?.id}`, { role: "admin" });
  await kate.patch(`/groups/${group.id}/members/${kate.user?.id}`, { nickname: "凯特" });
  await me.patch(`/groups/${group.id}`, {
    announcement: "本周六 15:00，市体育馆 2 号场。Please bring your own racket.",
  });
  await wang.post(`/groups/${group.id}/join`, { note: "我也想打球" });
  const work = await kate.post("/groups", { name: "产品设计组", join_policy: "approval" });
  for (const friend of [me]) await kate.post(`/groups/${work.id}/members`, { user_id: friend.user?.id });

  await talk(direct, [
    [lin, "早上好！周末的电影票我买好了 🎬"],
    [me, "太好了，几点的？"],
    [lin, "周六晚上七点半，万达影城。\n记得早点来，我们先吃个饭。"],
    [me, "没问题，我查了一下路线：https://example.org/map?q=wanda"],
    [me, "地铁四十分钟就到。"],
    [lin, "好的好的，到时候见！对了，能不能顺便帮我把上次借的那本书带过来？就是讲南极企鹅的那本，我表弟一直想看，看完马上还给你。"],
    [me, "👌"],
    [lin, "谢谢 😄"],
  ]);
  await talk(group.id, [
    [lin, "这周六下午三点，老地方？"],
    [kate, "Works for me. I will bring a friend if that is okay."],
    [me, "当然可以，欢迎！"],
    [tom, "Can somebody lend me a racket? Mine broke last week 😅"],
    [chen, "我有多的，给你带一把。"],
    [tom, "You are a lifesaver"],
    [su, "我可能要晚到二十分钟，你们先开始。"],
    [me, "没事，场地订到六点。"],
    [kate, "See you all on Saturday!"],
  ]);
  await talk(others[0], [
    [me, "Did you see the new designs?"],
    [kate, "Yes! I left a few comments, but overall it looks really good. The dark theme especially."],
  ]);
  await talk(others[1], [[chen, "照片发你了"], [chen, "有空看看"], [chen, "不急"]]);
  await give(chen, me, others[1]);
  await talk(others[2], [[tom, "Thanks for yesterday"], [me, "Any time"]]);
  await talk(others[3], [[su, "图书馆三楼还有位置"]]);
  await talk(work.id, [[kate, "大家好，新的设计稿在这里：https://example.org/designs/2026"]]);
  for (const id of [direct, group.id, others[0], others[2]]) {
    const { last_seq } = await me.get(`/conversations/${id}`);
    await me.put(`/conversations/${id}/read`, { seq: last_seq });
  }
  await me.patch(`/conversations/${group.id}`, { pinned: true });
  await me.patch(`/conversations/${work.id}`, { muted: true });
  await me.patch(`/conversations/${others[3]}`, { archived: true });
  const saved = await me.post("/conversations", { saved: true });
  await me.say(saved.id, "下周买：茶叶、胶卷、企鹅图鉴");
  const elsewhere = await zhao.post("/groups", { name: "摄影爱好者", description: "一起拍照，一起出门。" });
  const link = await zhao.post(`/groups/${elsewhere.id}/invite_links`, { max_uses: 10 });
  return { me, people, direct, group: group.id, saved: saved.id, link: link.code, files: others[1] };
}

/** Pictures, a file and a voice message. @param {Api} from @param {Api} to @param {number} conversation */
async function give(from, to, conversation) {
  const views = [
    landscape(960, 640, [92, 124, 190], [58, 92, 84]),
    landscape(640, 960, [214, 140, 110], [92, 70, 90]),
    landscape(900, 600, [120, 170, 190], [70, 100, 60]),
    landscape(800, 800, [70, 80, 130], [40, 60, 80]),
  ];
  const names = ["湖边.png", "落日.png", "山路.png", "夜骑.png"];
  const pictures = views.map((bytes, i) => ({ name: names[i] ?? "", bytes }));
  await from.give(conversation, "上周骑行的照片，挑了几张。", pictures);
  const map = Buffer.from("<gpx>".padEnd(18_400, "route "));
  await from.give(conversation, "", [{ name: "2026 春季骑行路线 Spring ride (final).gpx", bytes: map }]);
  await to.give(conversation, "", [{ name: "view.png", bytes: views[0] ?? map }]);
  const waveform = Array.from({ length: 64 }, (_, i) => Math.round(130 + 110 * Math.sin(i / 2) * Math.cos(i / 7)));
  const voice = { duration_ms: 8_000, waveform };
  await from.give(conversation, "", [{ name: "voice.wav", bytes: wav(8), voice }]);
  await to.give(conversation, "", [{ name: "voice.wav", bytes: wav(8), voice }]);
  await from.give(conversation, "", [{ name: "骑行的风声.wav", bytes: wav(4) }]);
}

/** @param {number} conversation @param {[Api, string][]} lines */
async function talk(conversation, lines) {
  for (const [who, text] of lines) await who.say(conversation, text);
}
