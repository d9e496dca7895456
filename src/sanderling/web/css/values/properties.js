// https://www.w3.org/Style/CSS/all-properties.en.html
// The longhands: initial values, inheritance, and what each takes.

import { ArrayPrototypeSort, SafeMap, SafeSet, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeTrim, StringPrototypeToUpperCase } from '../../primordials.js';

export class CssProperty {
  constructor(name, initial, inherited, grammar) {
    this.name = name;
    this.initial = initial;
    this.inherited = inherited;
    this.keywords = new SafeSet();
    this.types = { __proto__: null };     // l length, p percentage, n number, i integer, c color, t time, a angle, s string, u url, m image, I custom identifier, * anything, f function
    this.nonNegative = false;
    this.functions = new SafeSet();
    this.max = 1;                         // components
    this.comma = false;                   // a list with commas
    const words = StringPrototypeSplit(grammar, ' ');
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      if (word === '') continue;
      if (word === '#') this.comma = true;
      else if (word === '+') this.nonNegative = true;
      else if (word[word.length - 1] === ':') this.max = +StringPrototypeSlice(word, 0, word.length - 1);
      else if (word[0] === '<') for (let j = 1; j < word.length - 1; j++) this.types[word[j]] = true;
      else if (word[word.length - 1] === ')') this.functions.add(StringPrototypeSlice(word, 0, word.length - 2));
      else this.keywords.add(word);
    }
  }
}

// name|initial|grammar; `^` after the name: inherited. Names with `,` share a line. Grammar: keywords, <letters of types>, `n:` up to n components, `#` comma list,
// `+` not negative, `name()` a function.
const CSS_SIZES = 'min-content max-content fit-content stretch -webkit-fill-available -moz-available -webkit-fit-content -webkit-min-content -webkit-max-content contain fit-content() calc-size() anchor-size() <lp> +';
const CSS_LINE_STYLES = 'none hidden dotted dashed solid double groove ridge inset outset';
const CSS_ALIGNMENTS = '2: auto normal stretch baseline first last safe unsafe center start end flex-start flex-end self-start self-end left right anchor-center space-between space-around space-evenly legacy';
const CSS_BREAKS = 'auto avoid always all avoid-page page left right recto verso avoid-column column avoid-region region';
const CSS_BLENDS = '# normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light difference exclusion hue saturation color luminosity plus-lighter';
const CSS_BOXES = 'border-box padding-box content-box text fill-box stroke-box view-box margin-box no-clip';

const CSS_TABLE = `
display|inline|3: block inline inline-block none contents flex inline-flex grid inline-grid flow-root list-item run-in table inline-table table-row table-cell table-column table-caption table-row-group table-header-group table-footer-group table-column-group flow ruby ruby-base ruby-text ruby-base-container ruby-text-container math -webkit-box -webkit-inline-box -webkit-flex -webkit-inline-flex -ms-flexbox
position|static|static relative absolute fixed sticky -webkit-sticky
float|none|none left right inline-start inline-end
clear|none|none left right both inline-start inline-end
visibility^|visible|visible hidden collapse
opacity|1|<np>
pointer-events^|auto|auto none visiblePainted visiblefill visiblestroke visiblepainted visible painted fill stroke all bounding-box
z-index|auto|auto <i>
box-sizing|content-box|content-box border-box
overflow-x,overflow-y|visible|visible hidden clip scroll auto overlay
overflow-block,overflow-inline|visible|visible hidden clip scroll auto
overflow-clip-margin|0px|2: <l> content-box padding-box border-box
overflow-anchor|auto|auto none
overscroll-behavior-x,overscroll-behavior-y,overscroll-behavior-block,overscroll-behavior-inline|auto|auto contain none
top,right,bottom,left,inset-block-start,inset-block-end,inset-inline-start,inset-inline-end|auto|auto <lp> anchor()
margin-top,margin-right,margin-bottom,margin-left,margin-block-start,margin-block-end,margin-inline-start,margin-inline-end|0px|auto <lp> anchor-size()
padding-top,padding-right,padding-bottom,padding-left,padding-block-start,padding-block-end,padding-inline-start,padding-inline-end|0px|<lp> +
width,height,block-size,inline-size|auto|auto ${CSS_SIZES}
min-width,min-height,min-block-size,min-inline-size|auto|auto ${CSS_SIZES}
max-width,max-height,max-block-size,max-inline-size|none|none ${CSS_SIZES}
aspect-ratio|auto|4: auto <n/> +
border-top-width,border-right-width,border-bottom-width,border-left-width,border-block-start-width,border-block-end-width,border-inline-start-width,border-inline-end-width,column-rule-width,outline-width|medium|thin medium thick <l> +
border-top-style,border-right-style,border-bottom-style,border-left-style,border-block-start-style,border-block-end-style,border-inline-start-style,border-inline-end-style,column-rule-style|none|${CSS_LINE_STYLES}
outline-style|none|auto ${CSS_LINE_STYLES}
border-top-color,border-right-color,border-bottom-color,border-left-color,border-block-start-color,border-block-end-color,border-inline-start-color,border-inline-end-color,column-rule-color,outline-color,text-decoration-color|currentcolor|<c>
text-emphasis-color^,-webkit-text-fill-color^,-webkit-text-stroke-color^|currentcolor|<c>
border-top-left-radius,border-top-right-radius,border-bottom-right-radius,border-bottom-left-radius,border-start-start-radius,border-start-end-radius,border-end-start-radius,border-end-end-radius|0px|2: <lp> +
border-image-source|none|none <m>
border-image-slice|100%|5: fill <np> +
border-image-width|1|4: auto <nlp> +
border-image-outset|0|4: <nl> +
border-image-repeat|stretch|2: stretch repeat round space
border-collapse^|separate|collapse separate
border-spacing^|0px|2: <l> +
outline-offset|0px|<l>
color^|canvastext|<c>
background-color|rgba(0, 0, 0, 0)|<c>
background-image|none|# none <m>
background-position-x|0%|# 2: left center right x-start x-end <lp>
background-position-y|0%|# 2: top center bottom y-start y-end <lp>
background-size|auto|# 2: auto cover contain <lp> +
background-repeat|repeat|# 2: repeat repeat-x repeat-y space round no-repeat
background-attachment|scroll|# scroll fixed local
background-origin|padding-box|# ${CSS_BOXES}
background-clip|border-box|# 2: ${CSS_BOXES} border-area
background-blend-mode|normal|${CSS_BLENDS}
mix-blend-mode|normal|${CSS_BLENDS}
isolation|auto|auto isolate
box-shadow|none|# 6: none inset <lc>
text-shadow^|none|# 4: none <lc>
box-decoration-break|slice|slice clone
font-family^|"Times New Roman"|# 12: <Is>
font-size^|16px|xx-small x-small small medium large x-large xx-large xxx-large larger smaller math <lp> +
font-weight^|400|normal bold bolder lighter <n> +
font-style^|normal|2: normal italic oblique <a>
font-stretch^|100%|normal ultra-condensed extra-condensed condensed semi-condensed semi-expanded expanded extra-expanded ultra-expanded <p> +
font-size-adjust^|none|2: none from-font ex-height cap-height ch-width ic-width ic-height <n> +
font-kerning^|auto|auto normal none
font-optical-sizing^|auto|auto none
font-synthesis-weight^,font-synthesis-style^,font-synthesis-small-caps^,font-synthesis-position^|auto|auto none
font-variant-caps^|normal|normal small-caps all-small-caps petite-caps all-petite-caps unicase titling-caps
font-variant-ligatures^|normal|5: normal none common-ligatures no-common-ligatures discretionary-ligatures no-discretionary-ligatures historical-ligatures no-historical-ligatures contextual no-contextual
font-variant-numeric^|normal|5: normal lining-nums oldstyle-nums proportional-nums tabular-nums diagonal-fractions stacked-fractions ordinal slashed-zero
font-variant-east-asian^|normal|4: normal jis78 jis83 jis90 jis04 simplified traditional full-width proportional-width ruby
font-variant-position^|normal|normal sub super
font-variant-emoji^|normal|normal text emoji unicode
font-variant-alternates^,font-feature-settings^,font-variation-settings^,font-language-override^,font-palette^|normal|<*>
line-height^|normal|normal <nlp> +
letter-spacing^|normal|normal <lp>
word-spacing^|0px|normal <lp>
text-align^|start|start end left right center justify match-parent justify-all -webkit-left -webkit-right -webkit-center -webkit-auto
text-align-last^|auto|auto start end left right center justify match-parent
text-indent^|0px|3: hanging each-line <lp>
text-transform^|none|3: none capitalize uppercase lowercase full-width full-size-kana math-auto
text-decoration-line|none|5: none underline overline line-through blink spelling-error grammar-error
text-decoration-style|solid|solid double dotted dashed wavy
text-decoration-thickness|auto|auto from-font <lp>
text-decoration-skip-ink^|auto|auto none all
text-underline-offset^|auto|auto <lp>
text-underline-position^|auto|2: auto from-font under left right
text-emphasis-style^|none|2: none filled open dot circle double-circle triangle sesame <s>
text-emphasis-position^|over|2: auto over under left right
text-overflow|clip|2: clip ellipsis <s>
text-orientation^|mixed|mixed upright sideways sideways-right
text-rendering^|auto|auto optimizespeed optimizelegibility geometricprecision
text-combine-upright^|none|2: none all digits <i>
text-wrap-mode^|wrap|wrap nowrap
text-wrap-style^|auto|auto balance stable pretty avoid-orphans
text-justify^|auto|auto none inter-word inter-character distribute
text-size-adjust^|auto|auto none <p> +
text-box-trim|none|none trim-start trim-end trim-both
text-box-edge^|auto|2: auto text cap ex alphabetic leading
text-spacing-trim^|normal|normal space-all space-first trim-start
text-autospace^|normal|normal no-autospace
white-space-collapse^|collapse|collapse preserve preserve-breaks preserve-spaces break-spaces discard
word-break^|normal|normal break-all keep-all break-word auto-phrase
overflow-wrap^|normal|normal break-word anywhere
line-break^|auto|auto loose normal strict anywhere
hyphens^|manual|none manual auto
hyphenate-character^|auto|auto <s>
hyphenate-limit-chars^|auto|3: auto <i>
tab-size^|8|<nl> +
hanging-punctuation^|none|3: none first force-end allow-end last
vertical-align|baseline|baseline sub super text-top text-bottom middle top bottom -webkit-baseline-middle <lp>
direction^|ltr|ltr rtl
unicode-bidi|normal|normal embed isolate bidi-override isolate-override plaintext -webkit-isolate
writing-mode^|horizontal-tb|horizontal-tb vertical-rl vertical-lr sideways-rl sideways-lr lr lr-tb rl rl-tb tb tb-rl
list-style-type^|disc|<Is> symbols() none
list-style-position^|outside|inside outside
list-style-image^|none|none <m>
quotes^|auto|auto none 12: <s>
content|normal|12: normal none open-quote close-quote no-open-quote no-close-quote <sm/> attr() counter() counters()
counter-reset,counter-increment,counter-set|none|12: none <Ii> reversed()
cursor^|auto|# 3: auto default none context-menu help pointer progress wait cell crosshair text vertical-text alias copy move no-drop not-allowed grab grabbing e-resize n-resize ne-resize nw-resize s-resize se-resize sw-resize w-resize ew-resize ns-resize nesw-resize nwse-resize col-resize row-resize all-scroll zoom-in zoom-out -webkit-grab -webkit-grabbing -webkit-zoom-in -webkit-zoom-out <mn>
caret-color^,accent-color^|auto|auto <c>
caret-shape^|auto|auto bar block underscore
appearance|none|none auto base-select textfield menulist-button button checkbox listbox menulist meter progress-bar push-button radio searchfield slider-horizontal square-button textarea
resize|none|none both horizontal vertical block inline
user-select|auto|auto text none contain all
-webkit-user-drag|auto|auto none element
-webkit-tap-highlight-color^|rgba(0, 0, 0, 0.18)|<c>
-webkit-text-stroke-width^|0px|thin medium thick <l> +
-webkit-text-security^|none|none disc circle square
-webkit-font-smoothing^|auto|auto none antialiased subpixel-antialiased
-webkit-line-clamp|none|none <i>
-webkit-box-orient|horizontal|horizontal vertical inline-axis block-axis
-webkit-box-align|stretch|stretch start end center baseline
-webkit-box-pack|start|start end center justify
-webkit-box-direction^|normal|normal reverse
-webkit-box-flex|0|<n>
-webkit-box-ordinal-group|1|<i>
-webkit-print-color-adjust^,print-color-adjust^|economy|economy exact
-webkit-locale^|auto|auto <sI>
-webkit-rtl-ordering^|logical|logical visual
-webkit-user-modify^|read-only|read-only read-write read-write-plaintext-only
-webkit-box-reflect|none|<*>
touch-action|auto|3: auto none pan-x pan-left pan-right pan-y pan-up pan-down pinch-zoom manipulation
will-change|auto|# <I>
zoom|1|normal reset <np> +
flex-direction|row|row row-reverse column column-reverse
flex-wrap|nowrap|nowrap wrap wrap-reverse
flex-grow|0|<n> +
flex-shrink|1|<n> +
flex-basis|auto|auto content ${CSS_SIZES}
order|0|<i>
align-items,justify-items|normal|${CSS_ALIGNMENTS}
align-self,justify-self|auto|${CSS_ALIGNMENTS}
align-content,justify-content|normal|${CSS_ALIGNMENTS}
row-gap,column-gap|normal|normal <lp> +
grid-template-columns,grid-template-rows,grid-template-areas|none|<*>
grid-auto-columns,grid-auto-rows|auto|<*>
grid-auto-flow|row|2: row column dense
grid-row-start,grid-row-end,grid-column-start,grid-column-end|auto|3: auto span <Ii>
column-count|auto|auto <i>
column-width|auto|auto <l> +
column-fill|balance|auto balance balance-all
column-span|none|none all
break-before,break-after,break-inside|auto|${CSS_BREAKS}
page|auto|auto <I>
orphans^,widows^|2|<i>
transform|none|24: none matrix() matrix3d() translate() translatex() translatey() translatez() translate3d() scale() scalex() scaley() scalez() scale3d() rotate() rotatex() rotatey() rotatez() rotate3d() skew() skewx() skewy() perspective()
transform-origin|50% 50%|3: left center right top bottom <lp>
transform-style|flat|flat preserve-3d
transform-box|view-box|${CSS_BOXES}
translate|none|3: none <lp>
rotate|none|4: none x y z <an>
scale|none|3: none <np>
perspective|none|none <l> +
perspective-origin|50% 50%|2: left center right top bottom <lp>
backface-visibility|visible|visible hidden
filter,backdrop-filter|none|24: none <u> blur() brightness() contrast() drop-shadow() grayscale() hue-rotate() invert() opacity() saturate() sepia()
clip|auto|auto rect()
clip-path|none|2: none <u> ${CSS_BOXES} inset() circle() ellipse() polygon() path() rect() xywh() shape()
clip-rule^,fill-rule^|nonzero|nonzero evenodd
mask-image|none|# none <mu>
mask-position|0% 0%|# 4: left center right top bottom <lp>
mask-size|auto|# 2: auto cover contain <lp> +
mask-repeat|repeat|# 2: repeat repeat-x repeat-y space round no-repeat
mask-origin,mask-clip|border-box|# ${CSS_BOXES}
mask-mode|match-source|# alpha luminance match-source
mask-composite|add|# add subtract intersect exclude
mask-type|luminance|luminance alpha
object-fit|fill|fill contain cover none scale-down
object-position|50% 50%|4: left center right top bottom <lp>
image-rendering^|auto|auto smooth high-quality pixelated crisp-edges optimizespeed optimizequality -webkit-optimize-contrast
image-orientation^|from-image|3: from-image none flip <a>
shape-outside|none|2: none <m> ${CSS_BOXES} inset() circle() ellipse() polygon()
shape-margin|0px|<lp> +
shape-image-threshold|0|<np>
transition-property|all|# <I>
transition-duration|0s|# <t> +
transition-delay|0s|# <t>
transition-timing-function,animation-timing-function|ease|# linear ease ease-in ease-out ease-in-out step-start step-end cubic-bezier() steps() linear()
transition-behavior|normal|# normal allow-discrete
animation-name|none|# <Is>
animation-duration|0s|# auto <t> +
animation-delay|0s|# <t>
animation-iteration-count|1|# infinite <n> +
animation-direction|normal|# normal reverse alternate alternate-reverse
animation-fill-mode|none|# none forwards backwards both
animation-play-state|running|# running paused
animation-composition|replace|# replace add accumulate
animation-timeline|auto|# auto none <I> scroll() view()
animation-range-start,animation-range-end|normal|# 2: normal <Ip>
scroll-behavior|auto|auto smooth
scroll-snap-type|none|2: none x y block inline both mandatory proximity
scroll-snap-align|none|2: none start end center
scroll-snap-stop|normal|normal always
scroll-margin-top,scroll-margin-right,scroll-margin-bottom,scroll-margin-left,scroll-margin-block-start,scroll-margin-block-end,scroll-margin-inline-start,scroll-margin-inline-end|0px|<l>
scroll-padding-top,scroll-padding-right,scroll-padding-bottom,scroll-padding-left,scroll-padding-block-start,scroll-padding-block-end,scroll-padding-inline-start,scroll-padding-inline-end|auto|auto <lp> +
scrollbar-width|auto|auto thin none
scrollbar-gutter|auto|2: auto stable both-edges
scrollbar-color^|auto|2: auto <c>
scroll-timeline-name,view-timeline-name,timeline-scope|none|# none all <I>
scroll-timeline-axis,view-timeline-axis|block|# block inline x y
view-timeline-inset|auto|# 2: auto <lp>
contain|none|5: none strict content size inline-size layout style paint
content-visibility|visible|visible auto hidden
contain-intrinsic-width,contain-intrinsic-height,contain-intrinsic-block-size,contain-intrinsic-inline-size|none|2: auto none <l> +
container-type|normal|2: normal size inline-size scroll-state
container-name|none|6: none <I>
view-transition-name,view-transition-class|none|<*>
anchor-name,anchor-scope|none|# none all <I>
position-anchor|auto|auto <I>
position-area|none|<*>
position-try-fallbacks|none|<*>
position-try-order|normal|<*>
position-visibility|always|<*>
offset-path|none|<*>
offset-distance|0px|<lp>
offset-rotate|auto|2: auto reverse <a>
offset-anchor,offset-position|auto|<*>
table-layout|auto|auto fixed
empty-cells^|show|show hide
caption-side^|top|top bottom
ruby-position^|over|2: over under inter-character alternate
ruby-align^|space-around|start center space-between space-around
color-scheme^|normal|4: normal light dark only <I>
forced-color-adjust^|auto|auto none preserve-parent-color
field-sizing|fixed|fixed content
interpolate-size^|numeric-only|numeric-only allow-keywords
interactivity^|auto|auto inert
overlay|none|none auto
initial-letter|normal|2: normal drop raise <n>
line-clamp|none|<*>
math-depth^|0|<*>
math-shift^|normal|normal compact
math-style^|normal|normal compact
object-view-box|none|<*>
speak^|normal|normal none spell-out
app-region|none|none drag no-drag
fill^|rgb(0, 0, 0)|2: none context-fill context-stroke <cu>
stroke^|none|2: none context-fill context-stroke <cu>
fill-opacity^,stroke-opacity^,stop-opacity,flood-opacity|1|<np>
stroke-width^|1px|<nlp> +
stroke-linecap^|butt|butt round square
stroke-linejoin^|miter|miter round bevel miter-clip arcs
stroke-miterlimit^|4|<n> +
stroke-dasharray^|none|# 12: none <nlp> +
stroke-dashoffset^|0px|<nlp>
stop-color,flood-color|rgb(0, 0, 0)|<c>
lighting-color|rgb(255, 255, 255)|<c>
color-interpolation^|srgb|auto srgb linearrgb
color-interpolation-filters^|linearrgb|auto srgb linearrgb
color-rendering^|auto|auto optimizespeed optimizequality
shape-rendering^|auto|auto optimizespeed crispedges geometricprecision
paint-order^|normal|3: normal fill stroke markers
vector-effect|none|none non-scaling-stroke non-scaling-size non-rotation fixed-position
dominant-baseline^|auto|auto text-bottom alphabetic ideographic middle central mathematical hanging text-top use-script no-change reset-size text-after-edge text-before-edge
alignment-baseline|baseline|auto baseline before-edge text-before-edge middle central after-edge text-after-edge ideographic alphabetic hanging mathematical
baseline-shift|0px|baseline sub super <lp>
baseline-source|auto|auto first last
text-anchor^|start|start middle end
marker-start^,marker-mid^,marker-end^|none|none <u>
cx,cy,x,y|0px|<lpn>
r|0px|<lpn> +
rx,ry|auto|auto <lpn> +
d|none|none path()
`;

const cssLonghands = new SafeMap();

const tableLines = StringPrototypeSplit(StringPrototypeTrim(CSS_TABLE), '\n');
for (let i = 0; i < tableLines.length; i++) {
  const parts = StringPrototypeSplit(tableLines[i], '|');
  const names = StringPrototypeSplit(parts[0], ',');
  for (let j = 0; j < names.length; j++) {
    const inherited = names[j][names[j].length - 1] === '^';
    const name = inherited ? StringPrototypeSlice(names[j], 0, names[j].length - 1) : names[j];
    cssLonghands.set(name, new CssProperty(name, parts[1], inherited, parts[2]));
  }
}

// https://compat.spec.whatwg.org/#css-simple-aliases, and names that changed
const CSS_ALIASES = { __proto__: null, 'word-wrap': 'overflow-wrap', 'grid-gap': 'gap', 'grid-row-gap': 'row-gap', 'grid-column-gap': 'column-gap', 'font-width': 'font-stretch' };
const WEBKIT_ALIASES = StringPrototypeSplit(
  'align-content align-items align-self animation animation-delay animation-direction animation-duration animation-fill-mode animation-iteration-count animation-name animation-play-state '
  + 'animation-timing-function appearance backface-visibility background-clip background-origin background-size border-bottom-left-radius border-bottom-right-radius border-radius '
  + 'border-top-left-radius border-top-right-radius box-shadow box-sizing clip-path column-count column-gap column-rule column-rule-color column-rule-style column-rule-width column-span '
  + 'column-width columns filter flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap font-feature-settings hyphenate-character justify-content line-break mask mask-clip '
  + 'mask-composite mask-image mask-origin mask-position mask-repeat mask-size opacity order perspective perspective-origin shape-image-threshold shape-margin shape-outside text-emphasis '
  + 'text-emphasis-color text-emphasis-position text-emphasis-style text-orientation text-size-adjust transform transform-origin transform-style transition transition-delay transition-duration '
  + 'transition-property transition-timing-function user-select writing-mode', ' ');
for (let i = 0; i < WEBKIT_ALIASES.length; i++) CSS_ALIASES['-webkit-' + WEBKIT_ALIASES[i]] = WEBKIT_ALIASES[i];
const LOGICAL_ALIASES = { __proto__: null, '-webkit-margin-start': 'margin-inline-start', '-webkit-margin-end': 'margin-inline-end', '-webkit-padding-start': 'padding-inline-start', '-webkit-padding-end': 'padding-inline-end' };
for (const alias in LOGICAL_ALIASES) CSS_ALIASES[alias] = LOGICAL_ALIASES[alias];

export function cssLonghand(name) {
  return cssLonghands.get(name);
}

export function cssPropertyAlias(name) {
  return CSS_ALIASES[name] ?? name;
}

export function cssAliasNames() {
  const out = [];
  for (const name in CSS_ALIASES) out[out.length] = name;
  return out;
}

// In the order of their names, as getComputedStyle() lists them.
export const CSS_LONGHAND_NAMES = [];
cssLonghands.forEach((property, name) => {
  CSS_LONGHAND_NAMES[CSS_LONGHAND_NAMES.length] = name;
});
ArrayPrototypeSort(CSS_LONGHAND_NAMES, (a, b) => ((a[0] === '-') !== (b[0] === '-') ? (a[0] === '-' ? 1 : -1) : a < b ? -1 : 1));

// https://drafts.csswg.org/cssom/#css-property-to-idl-attribute
export function cssAttributeName(property, lowercaseFirst) {
  let out = '';
  let upper = false;
  for (let i = lowercaseFirst ? 1 : 0; i < property.length; i++) {
    if (property[i] === '-') upper = true;
    else {
      out += upper ? StringPrototypeToUpperCase(property[i]) : property[i];
      upper = false;
    }
  }
  return out;
}
