package org.sparkgbert.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource({
    "s3a://user:geheim@bucket/model, s3a://***@bucket/model",
    "Cannot open s3a://AKIA:a+b=@bucket/x: no, Cannot open s3a://***@bucket/x: no",
    "https://hf_token@huggingface.co/a/b, https://***@huggingface.co/a/b",
    "hdfs://me:pw@nn:8020/lake, hdfs://***@nn:8020/lake",
    "https://b.s3/m?X-Amz-Signature=abc&X-Amz-Credential=k%2Fx&v=1, https://b.s3/m?X-Amz-Signature=***&X-Amz-Credential=***&v=1",
    "Cannot read https://h/m?token=abc: it is gone, Cannot read https://h/m?token=***: it is gone",
    "https://h/m?token=abc def, https://h/m?token=*** def",
    "https://h/m?sv=1&sig=ab%3D, https://h/m?sv=1&sig=***",
    "jdbc:postgresql://db/x?user=me&password=geheim, jdbc:postgresql://db/x?user=me&password=***",
    "password=geheim, password=***"
  })
  void secretsAreHidden(String text, String hidden) {
    assertThat(Secrets.hide(text)).isEqualTo(hidden);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abfss://container@account.dfs.core.windows.net/lake",
        "s3a://lake/day=?/x",
        "hdfs://nn:8020/lake/tokens=3/a@b",
        "Rows      3: ok 3",
        "/data/a?b=c",
        "https://example.org/a?tokens"
      })
  void whatIsNoSecretStays(String text) {
    assertThat(Secrets.hide(text)).isEqualTo(text);
  }
}
