/** A picture that the viewer of the forum shows. */
export interface Shown {
  url: string;
  alt: string;
  /** Pixels; 0 while nobody knows. */
  width: number;
  height: number;
}
