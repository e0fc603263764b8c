export default {
  title: "Daemons",
  url: "https://example.com",
  baseUrl: "/",
  // The guide's lines.
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false, theme: {} }]],
  themeConfig: { colorMode: { respectPrefersColorScheme: true }, navbar: { title: "Daemons" } },
};
