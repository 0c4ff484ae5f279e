package org.sparkgbert.report;

/** What of a page is neither script, data nor style. */
final class Markup {
  private Markup() {}

  static String withoutScripts(String html) {
    return html.replaceAll("(?s)<script.*?</script>|<style.*?</style>", "");
  }
}
