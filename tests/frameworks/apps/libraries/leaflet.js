import L from 'leaflet';

const host = document.getElementById('root');
host.style.cssText = 'width: 512px; height: 256px';
const map = L.map(host, { zoomAnimation: false }).setView([0, 0], 3);
L.tileLayer('/tiles/{z}/{x}/{y}.png').addTo(map);
L.marker([0, 0], { icon: L.divIcon() }).addTo(map).bindPopup('here', { autoPan: false }).openPopup();
L.circle([0, 0], { radius: 1e6 }).addTo(map);
const tiles = host.querySelectorAll('.leaflet-tile').length;      // more come while the map moves
map.panBy([10, 20], { animate: false });
globalThis.result = Promise.resolve({
  size: [map.getSize().x, map.getSize().y],
  tiles,
  longitude: Math.round(map.getCenter().lng * 100) / 100,
  popup: host.querySelector('.leaflet-popup-content').textContent,
  circle: host.querySelector('svg path').getAttribute('d').startsWith('M'),
});
