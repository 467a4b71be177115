package io.holdfast.agent.walk;

/**
 * File systems whose entries are views of the running kernel: never content, and some of them
 * endless or harmful to read. Numbers from uapi/linux/magic.h and the file systems' own sources.
 */
final class PseudoFileSystems {
  private PseudoFileSystems() {}

  static boolean includes(long fileSystemType) {
    return switch ((int) fileSystemType) {
      case 0x9fa0 -> true; // proc
      case 0x62656572 -> true; // sysfs
      case 0x27e0eb -> true; // cgroup
      case 0x63677270 -> true; // cgroup2
      case 0x1cd1 -> true; // devpts
      case 0x64626720 -> true; // debugfs
      case 0x74726163 -> true; // tracefs
      case 0x73636673 -> true; // securityfs
      case 0xf97cff8c -> true; // selinuxfs
      case 0x6165676c -> true; // pstore
      case 0xcafe4a11 -> true; // bpf
      case 0x62656570 -> true; // configfs
      case 0xde5e81e4 -> true; // efivarfs
      case 0x19800202 -> true; // mqueue
      case 0x958458f6 -> true; // hugetlbfs
      case 0x42494e4d -> true; // binfmt_misc
      case 0x187 -> true; // autofs
      case 0x65735543 -> true; // fusectl
      case 0x6e736673 -> true; // nsfs
      case 0x67596969 -> true; // rpc_pipefs
      case 0x6e667364 -> true; // nfsd
      case 0x6c6f6f70 -> true; // binder
      default -> false;
    };
  }
}
