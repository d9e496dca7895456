// https://drafts.csswg.org/css-color-5/

const colorOf = (text, around = '') => {
  const outer = mk('div', { style: around });
  const el = document.createElement('p');
  outer.append(el);
  el.style.backgroundColor = text;
  const out = [el.style.backgroundColor, getComputedStyle(el).backgroundColor];
  outer.remove();
  return out;
};
const same = (text, want, around) => eq(colorOf(text, around)[1], want, text);

t('spaces', () => {
  same('lab(50% 20 30)', 'lab(50 20 30)');
  same('lab(150 20 30 / 25%)', 'lab(100 20 30 / 0.25)');
  same('lch(50 -10 400)', 'lch(50 0 40)');
  same('oklab(none 40% -40%)', 'oklab(none 0.16 -0.16)');
  same('oklch(70% 0.1 0.5turn / none)', 'oklch(0.7 0.1 180 / none)');
  same('oklch(calc(0.5 + 0.2) 0.1 calc(1turn / 4))', 'oklch(0.7 0.1 90)');
  same('color(srgb 100% 0.5 none)', 'color(srgb 1 0.5 none)');
  same('color(xyz 0.1 0.2 0.3)', 'color(xyz-d65 0.1 0.2 0.3)');
  same('color(display-p3 1.5 -0.2 0)', 'color(display-p3 1.5 -0.2 0)');
  same('hsl(120 100% 50%)', 'rgb(0, 255, 0)');
});

t('what is no colour', () => {
  for (const wrong of ['lab(50 20)', 'lab(50, 20, 30)', 'oklch(0.5 0.1 10%)', 'color(nope 1 1 1)', 'color-mix(red, blue)', 'color-mix(in srgb, red)', 'color-mix(in srgb, red 120%, blue)',
    'color-mix(in srgb shorter hue, red, blue)', 'color-mix(in srgb, red 0%, blue 0%)', 'rgb(from nope r g b)', 'rgb(from red r g h)', 'light-dark(red)', 'device-cmyk(0 0 0 1)', 'lab(1px 2 3)']) eq(colorOf(wrong)[0], '', wrong);
});

t('mixes', () => {
  same('color-mix(in srgb, red, blue)', 'color(srgb 0.5 0 0.5)');
  same('color-mix(in srgb, red 25%, blue)', 'color(srgb 0.25 0 0.75)');
  same('color-mix(in srgb, red 20%, blue 30%)', 'color(srgb 0.4 0 0.6 / 0.5)');
  same('color-mix(in srgb, rgb(255 0 0 / 0), blue)', 'color(srgb 0 0 1 / 0.5)');
  same('color-mix(in oklab, red, blue)', 'oklab(0.539985 0.096203 -0.0928409)');
  same('color-mix(in hsl, red, lime)', 'color(srgb 1 1 0)');
  same('color-mix(in hsl longer hue, red, lime)', 'color(srgb 0 0 1)');
  same('color-mix(in oklch, oklch(0.5 0.1 none), oklch(0.7 0.2 50))', 'oklch(0.6 0.15 50)');
  same('color-mix(in lch, white, lch(50 30 120))', 'lch(75 15 120)');
  same('color-mix(in srgb, currentcolor, blue)', 'color(srgb 0 0.25098 0.5)', 'color: green');
  eq(colorOf('color-mix(in SRGB, Red 30%, BLUE)')[0], 'color-mix(in srgb, red 30%, blue)', 'specified');
});

t('relative colours', () => {
  same('rgb(from red r g b / 50%)', 'color(srgb 1 0 0 / 0.5)');
  same('rgb(from rgb(51 102 153 / 0.4) calc(r * 2) g b)', 'color(srgb 0.4 0.4 0.6 / 0.4)');
  same('hsl(from red calc(h + 120) s l)', 'color(srgb 0 1 0)');
  same('oklch(from red l c h)', 'oklch(0.627955 0.257683 29.2339)');
  same('lab(from lab(50 20 30 / 0.3) l 0 b / alpha)', 'lab(50 0 30 / 0.3)');
  same('color(from red xyz x y z)', 'color(xyz-d65 0.412391 0.212639 0.0193308)');
  same('rgb(from currentcolor r g b / 0.5)', 'color(srgb 0 0 1 / 0.5)', 'color: blue');
  eq(colorOf('rgb(from RED r g b)')[0], 'rgb(from red r g b)', 'specified');
});

t('conversions', () => {
  same('color-mix(in lab, red, red)', 'lab(54.2905 80.8049 69.891)');
  same('color-mix(in oklch, blue, blue)', 'oklch(0.452014 0.313214 264.052)');
  same('color-mix(in xyz-d50, white, white)', 'color(xyz-d50 0.964296 1 0.825105)');
  same('color-mix(in srgb, color(display-p3 0 1 0), color(display-p3 0 1 0))', 'color(srgb -0.511605 1.01827 -0.310675)');
  same('color-mix(in srgb, color(rec2020 1 0 0), color(rec2020 1 0 0))', 'color(srgb 1.24822 -0.387908 -0.143514)');
  same('color-mix(in hwb, hwb(120 20% 30%), hwb(120 20% 30%))', 'color(srgb 0.2 0.701961 0.2)');
});

t('light and dark', () => {
  same('light-dark(red, blue)', 'rgb(255, 0, 0)');
  same('light-dark(red, blue)', 'rgb(0, 0, 255)', 'color-scheme: dark');
  same('light-dark(red, blue)', 'rgb(255, 0, 0)', 'color-scheme: light dark');
  same('light-dark(red, lab(50 0 0))', 'lab(50 0 0)', 'color-scheme: dark');
  eq(colorOf('light-dark(RED, blue)')[0], 'light-dark(red, blue)', 'specified');
});

t('where colours stand', () => {
  const el = mk('div', { style: 'color: oklch(0.5 0 0); border: 1px solid; box-shadow: 0 0 2px color-mix(in srgb, red, currentcolor); background-image: linear-gradient(lab(50 0 0), rgb(from red r g b))' });
  const style = getComputedStyle(el);
  eq(style.borderTopColor, 'oklch(0.5 0 0)', 'currentcolor');
  eq(style.backgroundImage, 'linear-gradient(lab(50 0 0), color(srgb 1 0 0))', 'gradient');
  eq(style.boxShadow.startsWith('color(srgb '), true, 'shadow');
  el.style.color = 'color-mix(in srgb, currentcolor, blue)';
  eq(style.color, 'color(srgb 0 0 0.5)', 'currentcolor of color is inherited');
});
