package io.holdfast.agent.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountsTest {
  @Test
  void shouldReadThePlacesOfTheKernelsList() {
    String list =
        """
        22 28 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw
        28 1 254:1 /@ / rw,relatime shared:1 - btrfs /dev/vda1 rw
        99 28 7:1 / /srv/a\\040b\\134c rw - ext4 /dev/loop1 rw
        """;
    assertEquals(
        List.of(Path.of("/sys"), Path.of("/"), Path.of("/srv/a b\\c")), Mounts.places(list));
  }

  @Test
  void shouldKnowTheRootOfThisHost() {
    assertTrue(Mounts.places().contains(Path.of("/")));
  }
}
