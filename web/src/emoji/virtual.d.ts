declare module "virtual:emoji" {
  /** Lines of `group⇥emoji⇥English⇥Chinese`; names and keywords are parted by `|`. */
  const lines: string;
  export default lines;
}
