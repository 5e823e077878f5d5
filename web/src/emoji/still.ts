/** Custom emoji and stickers for people who want nothing to move. The browser chooses, also when they change their mind. */

/** When the still picture is shown. */
export const CALM = "(prefers-reduced-motion: reduce)";

/** Where the still picture of a custom emoji is; of one that does not move, it is the same picture. */
export const stillOf = (url: string): string => `${url}/still`;

/** Gives a picture in the HTML of a message its still one. */
export function calm(image: HTMLImageElement): void {
  const picture = document.createElement("picture");
  const source = document.createElement("source");
  source.media = CALM;
  source.srcset = stillOf(image.getAttribute("src") ?? "");
  image.replaceWith(picture);
  picture.append(source, image);
}
