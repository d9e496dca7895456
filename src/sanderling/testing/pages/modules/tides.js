export const tides = [
  { place: "Texel", minutes: 372, metres: 1.4 },
  { place: "Norderney", minutes: 611, metres: 2.7 },
  { place: "Husum", minutes: 755, metres: 3.9 },
];
