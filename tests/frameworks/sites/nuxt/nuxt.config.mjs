export default defineNuxtConfig({
  app: { baseURL: '/nuxt/' },
  compatibilityDate: '2026-01-01',
  devtools: { enabled: false },
  nitro: { preset: 'static' },
  telemetry: false,
});
