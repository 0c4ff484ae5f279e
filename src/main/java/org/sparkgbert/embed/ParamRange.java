package org.sparkgbert.embed;

import java.io.Serializable;
import java.util.List;
import org.sparkgbert.settings.Setting;
import scala.runtime.AbstractFunction1;

/** Whether a Param's value is valid for its setting. Serializable, unlike declarations. */
final class ParamRange extends AbstractFunction1<Object, Object> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String setting;

  ParamRange(String setting) {
    this.setting = setting;
  }

  @Override
  public Object apply(Object value) {
    return isIn(EmbedderOptions.named(setting), String.valueOf(value));
  }

  /** Labels must match exactly, since Params are compared as strings. */
  private static <T> boolean isIn(Setting<T> declared, String text) {
    try {
      return declared.type().writer().apply(declared.parse(List.of(text))).equals(text);
    } catch (IllegalArgumentException outOfRange) {
      return false;
    }
  }
}
