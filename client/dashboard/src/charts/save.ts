// Saving a chart as a file.

import { type Picture, svgOf } from "./shape/svg";

const SHARPNESS = 2;

export function saveSvg(picture: Picture): void {
  save(new Blob([svgOf(picture)], { type: "image/svg+xml" }), `${fileName(picture.title)}.svg`);
}

export async function savePng(picture: Picture): Promise<void> {
  const url = URL.createObjectURL(new Blob([svgOf(picture)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width * SHARPNESS, image.height * SHARPNESS];
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && save(blob, `${fileName(picture.title)}.png`));
  } finally {
    URL.revokeObjectURL(url);
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function fileName(title: string): string {
  return title.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) || "chart";
}
