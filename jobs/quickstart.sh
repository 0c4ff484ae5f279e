#!/usr/bin/env bash
# From a fresh clone to embeddings: builds what is missing, embeds the sample corpus, shows the result.
# Options that begin with -D or -P go to Maven.
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/_submit.sh"

maven_options=()
for option in "$@"; do
  case $option in
    -D* | -P*) maven_options+=("$option") ;;
    -h | --help)
      cat <<'END'
Usage: jobs/quickstart.sh [-DNAME=VALUE | -PPROFILE]...
From a fresh clone to embeddings: builds what is missing, embeds the sample
corpus, scores the sample pairs, finds clusters, and shows where the results
are: in target/quickstart.

  -DNAME=VALUE, -PPROFILE   Options for Maven, if something has to be built.
  -h, --help                Show this help message and exit.

Example: jobs/quickstart.sh
END
      exit 0
      ;;
    *) refuse "quickstart takes only Maven's -D and -P options, found $option" ;;
  esac
done

# It writes the same files each time, and builds: once at a time in a checkout.
if command -v flock >/dev/null && mkdir -p "$target" 2>/dev/null && [ -w "$target" ]; then
  exec 9>"$target/quickstart.lock"
  flock -n 9 || refuse "another jobs/quickstart.sh is running in $home; wait until it ends"
fi

# Built if each part exists and no source is newer than the jar.
is_built() {
  local jar
  jar=$(jar) && [ -n "$jar" ] && [ -d "$target/lib" ] && [ -f "$target/models/default/bundle.json" ] &&
    [ -z "$(find "$home/src/main" "$home/pom.xml" -newer "$jar" -type f -print -quit)" ] &&
    tr ':' '\n' <"$target/spark.classpath" | while read -r file; do [ -f "$file" ] || exit 1; done
}

if is_built; then
  echo "Built already: $(jar)"
else
  echo "Building spark-gbert; the first time Maven fetches more than 1 GB ..."
  maven=mvn
  command -v mvn >/dev/null || maven=./mvnw
  (cd "$home" && "$maven" -q -B -DskipTests -Dmaven.javadoc.skip ${maven_options[@]+"${maven_options[@]}"} package)
fi
archive=$(class_archive "$(spark_home)")
if [ -z "$archive" ] || [ "$archive" -nt "$target/spark.classpath" ]; then
  submit quickstart --dir "$target/quickstart"
fi
echo "This first run also archives Java's classes when it ends; jobs start in half of the time then." >&2
rm -f "$archive"
part=$archive.part.$$
trap 'rm -f "$part"' EXIT
export SPARK_SUBMIT_OPTS="-XX:ArchiveClassesAtExit=\"$part\" -Xlog:cds*=off ${SPARK_SUBMIT_OPTS:-}"
(submit quickstart --dir "$target/quickstart")
[ ! -f "$part" ] || mv "$part" "$archive"
