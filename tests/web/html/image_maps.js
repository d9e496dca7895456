// https://html.spec.whatwg.org/multipage/image-maps.html#image-map-processing-model
test(() => {
  const host = document.createElement('div');
  host.innerHTML = `<img usemap="#Map" width=100 height=100 style="display:block"><map name="map"><area shape=default></map><map name="Map">
    <area id=rect coords="20;10, 0 0"><area id=circle shape=CIRC coords="50,50,10"><area id=poly shape=poly coords="80,80 99,80 99,99 80,99 1"><area id=few coords="1,2,3"></map>`;
  document.body.prepend(host);
  const image = host.firstChild;
  const { x, y } = image.getBoundingClientRect();
  const at = (dx, dy) => document.elementFromPoint(x + dx, y + dy);
  assert_equals(at(5, 5).id, 'rect');
  assert_equals(at(20, 5), image);
  assert_equals(at(50, 59).id, 'circle');
  assert_equals(at(58, 58), image);
  assert_equals(at(90, 90).id, 'poly');
  image.useMap = '#map';
  assert_equals(at(58, 58).shape, 'default');
  image.useMap = '#';
  assert_equals(at(58, 58), image);
  host.remove();
}, 'a point of an image belongs to an area of its map');
