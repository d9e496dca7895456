import { Application, Controller } from '@hotwired/stimulus';
import '@hotwired/turbo';

const application = Application.start();

application.register('home', class extends Controller {
  static targets = ['name', 'list', 'echo', 'many'];
  static values = { count: Number, url: String };

  async connect() {
    const { name } = await (await fetch(this.urlValue)).json();
    this.nameTarget.textContent = name;
  }

  count() {
    this.countValue++;
  }

  countValueChanged(count) {
    this.element.querySelector('#count').textContent = `clicked ${count}`;
    if (count > 1 && !this.hasManyTarget) {
      this.listTarget.insertAdjacentHTML('beforebegin', '<p id="many" data-home-target="many">many</p>');
    }
  }

  reverse() {
    this.listTarget.append(...Array.from(this.listTarget.children).reverse());
  }

  echo({ target }) {
    this.echoTarget.textContent = target.value;
  }
});
