# Sums the <testsuite> elements of surefire's reports and prints "N passed, N failed, N skipped".
# Names each test that failed first. Fails if a test failed or none passed.
# Pass -v extra_failures=N for failures that no report shows.

function attribute(element, name, rest) {
  rest = element
  if (!sub(".*[ \t]" name "=\"", "", rest)) return ""
  sub("\".*", "", rest)
  return rest
}

# An element's attributes may stand on several lines: join until the tag closes.
/<testsuite[ >\t]/ || /<testsuite$/ { tag = ""; inside = 1 }
inside {
  tag = tag " " $0
  if (index($0, ">")) {
    inside = 0
    tests += attribute(tag, "tests")
    failed += attribute(tag, "failures") + attribute(tag, "errors")
    skipped += attribute(tag, "skipped")
  }
}

/<testcase[ \t]/ { test = attribute($0, "classname") "." attribute($0, "name") }
/<(failure|error)[ >\t]/ { print "FAILED " test }

END {
  passed = tests - failed - skipped
  failed += extra_failures
  printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit (failed > 0 || passed == 0)
}
