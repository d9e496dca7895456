self.kind = 'worker';
onmessage = (event) => postMessage(event.data.reduce((a, b) => a + b, 0));
