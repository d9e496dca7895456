import Backbone from 'backbone';
import $ from 'jquery3';
import _ from 'underscore';

Backbone.$ = $;

const Birds = Backbone.Collection.extend({ model: Backbone.Model.extend({ idAttribute: 'name' }) });
const Song = Backbone.Model.extend({ urlRoot: '/songs', url() { return `${_.result(this, 'urlRoot')}/${this.id}.json`; } });

const Home = Backbone.View.extend({
  events: { 'click #count': 'click', 'click #reverse': 'reverse', 'input #field': 'type' },

  template: _.template(`
    <button id="count">clicked <%- count %></button>
    <p id="name"><%- name %></p>
    <ul id="list"></ul>
    <button id="reverse">reverse</button>
    <input id="field">
    <p id="echo"></p>
    <a id="to-gull" href="birds/gull">gull</a>`),

  initialize() {
    this.listenTo(this.model, 'change:name', (model, name) => this.$('#name').text(name));
    this.listenTo(this.model, 'change:count', this.count);
    this.listenTo(this.collection, 'sort', this.order);
  },

  render() {
    this.$el.html(this.template(this.model.attributes));
    this.items = new Map(this.collection.map((bird) => [bird, $('<li>').text(bird.id).get(0)]));
    this.order();
    return this;
  },

  order() {
    this.$('#list').append(this.collection.map((bird) => this.items.get(bird)));
  },

  count(model, count) {
    this.$('#count').text(`clicked ${count}`);
    if (count === 2) this.$('#count').after('<p id="many">many</p>');
  },

  click() {
    this.model.set('count', this.model.get('count') + 1);
  },

  reverse() {
    this.collection.comparator = (bird) => -this.collection.indexOf(bird);
    this.collection.sort();
  },

  type(event) {
    this.$('#echo').text(event.target.value);
  },
});

const Bird = Backbone.View.extend({
  template: _.template('<h1 id="bird">bird <%- id %></h1><p id="song"></p><a id="home" href="">home</a>'),

  initialize() {
    this.listenTo(this.model, 'sync', () => this.$('#song').text(this.model.get('song')));
    this.model.fetch();
  },

  render() {
    this.$el.html(this.template(this.model.attributes));
    return this;
  },
});

const Router = Backbone.Router.extend({
  routes: { '': 'home', 'birds/:bird': 'bird' },

  home() {
    const model = new Backbone.Model({ count: 0, name: 'loading' });
    model.url = '/data.json';
    this.show(new Home({ model, collection: new Birds([{ name: 'gull' }, { name: 'tern' }, { name: 'knot' }]) }));
    model.fetch();
  },

  bird(id) {
    this.show(new Bird({ model: new Song({ id }) }));
  },

  show(view) {
    this.view?.remove();
    this.view = view;
    $('#root').append(view.render().el);
  },
});

const router = new Router();
$(document).on('click', 'a', function (event) {
  event.preventDefault();
  router.navigate($(this).attr('href'), { trigger: true });
});
Backbone.history.start({ pushState: true, root: '/backbone/' });
