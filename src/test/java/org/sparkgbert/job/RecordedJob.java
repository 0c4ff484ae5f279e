package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.settings.SettingGroup;
import org.sparkgbert.settings.Settings;

/** Takes what a job takes, and only keeps it. */
final class RecordedJob implements Job {
  private final Job job;
  private Settings settings;

  RecordedJob(Job job) {
    this.job = job;
  }

  /** What was given; null if the job did not run. */
  Settings given() {
    return settings;
  }

  @Override
  public String name() {
    return job.name();
  }

  @Override
  public String description() {
    return job.description();
  }

  @Override
  public List<SettingGroup> groups() {
    return job.groups();
  }

  @Override
  public String example() {
    return job.example();
  }

  @Override
  public int run(Invocation invocation) {
    settings = invocation.settings();
    return Main.SUCCEEDED;
  }
}
