// Templates are compiled in the page: esbuild does not do it, and the compiler is a piece of code worth running.
import '@angular/compiler';
import { APP_BASE_HREF } from '@angular/common';
import { HttpClient, provideHttpClient, withFetch } from '@angular/common/http';
import { Component, Injectable, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { bootstrapApplication } from '@angular/platform-browser';
import { ActivatedRoute, provideRouter, RouterLink, RouterOutlet, type ResolveFn } from '@angular/router';

@Injectable({ providedIn: 'root' })
class Birds {
  private readonly http = inject(HttpClient);

  name() {
    return this.http.get<{ name: string }>('/data.json');
  }

  song(bird: string) {
    return this.http.get<{ song: string }>(`/songs/${bird}.json`);
  }
}

@Component({
  selector: 'app-home',
  imports: [FormsModule, RouterLink],
  template: `
    <button id="count" (click)="click()">clicked {{ count() }}</button>
    @if (count() > 1) { <p id="many">many</p> }
    <p id="name">{{ name() }}</p>
    <ul id="list">@for (bird of birds(); track bird) {<li>{{ bird }}</li>}</ul>
    <button id="reverse" (click)="reverse()">reverse</button>
    <input id="field" [(ngModel)]="text">
    <p id="echo">{{ text }}</p>
    <a id="to-gull" [routerLink]="['/birds', 'gull']">gull</a>
  `,
})
class Home {
  readonly count = signal(0);
  readonly name = signal('loading');
  readonly birds = signal(['gull', 'tern', 'knot']);
  text = '';

  constructor() {
    inject(Birds).name().subscribe((data) => this.name.set(data.name));
  }

  click() {
    this.count.update((n) => n + 1);
  }

  reverse() {
    this.birds.update((birds) => birds.toReversed());
  }
}

@Component({
  selector: 'app-bird',
  imports: [RouterLink],
  template: `<h1 id="bird">bird {{ bird }}</h1><p id="song">{{ song }}</p><a id="home" routerLink="/">home</a>`,
})
class Bird {
  private readonly snapshot = inject(ActivatedRoute).snapshot;
  readonly bird = this.snapshot.params['bird'];
  readonly song = this.snapshot.data['song'].song;
}

@Component({ selector: 'app-root', imports: [RouterOutlet], template: '<router-outlet />' })
class App {}

const song: ResolveFn<{ song: string }> = (route) => inject(Birds).song(route.params['bird']);

const root = document.createElement('app-root');
document.getElementById('root')!.append(root);
bootstrapApplication(App, {
  providers: [
    { provide: APP_BASE_HREF, useValue: '/angular' },
    provideHttpClient(withFetch()),
    provideRouter([
      { path: '', component: Home },
      { path: 'birds/:bird', component: Bird, resolve: { song } },
    ]),
  ],
}).catch((error) => reportError(error));
