package io.holdfast.agent.tree;

import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Nodes;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.Xattr;
import io.holdfast.agent.posix.Xattrs;
import java.util.List;

/** What metadata is set on: an open file or directory, or an entry that isn't to be opened. */
sealed interface Subject {
  FileStat stat() throws PosixException;

  void setOwner(int uid, int gid) throws PosixException;

  void setMode(int permissions) throws PosixException;

  void setModifyTime(long seconds, int nanos) throws PosixException;

  List<Xattr> xattrs() throws PosixException;

  void setXattr(Xattr xattr) throws PosixException;

  void removeXattr(byte[] name) throws PosixException;

  /** A file or directory by its descriptor: whatever happens to its name meanwhile. */
  record Open(int fd) implements Subject {
    @Override
    public FileStat stat() throws PosixException {
      return Posix.stat(fd);
    }

    @Override
    public void setOwner(int uid, int gid) throws PosixException {
      Nodes.setOwner(fd, uid, gid);
    }

    @Override
    public void setMode(int permissions) throws PosixException {
      Nodes.setMode(fd, permissions);
    }

    @Override
    public void setModifyTime(long seconds, int nanos) throws PosixException {
      Nodes.setModifyTime(fd, seconds, nanos);
    }

    @Override
    public List<Xattr> xattrs() throws PosixException {
      return Xattrs.read(fd);
    }

    @Override
    public void setXattr(Xattr xattr) throws PosixException {
      Xattrs.set(fd, xattr);
    }

    @Override
    public void removeXattr(byte[] name) throws PosixException {
      Xattrs.remove(fd, name);
    }
  }

  /** A link, FIFO or device by its name in an open directory; no link is followed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
  record Named(int dirFd, byte[] name) implements Subject {
    @Override
    public FileStat stat() throws PosixException {
      return Posix.statAt(dirFd, name);
    }

    @Override
    public void setOwner(int uid, int gid) throws PosixException {
      Nodes.setOwnerAt(dirFd, name, uid, gid);
    }

    @Override
    public void setMode(int permissions) throws PosixException {
      Nodes.setModeAt(dirFd, name, permissions);
    }

    @Override
    public void setModifyTime(long seconds, int nanos) throws PosixException {
      Nodes.setModifyTimeAt(dirFd, name, seconds, nanos);
    }

    @Override
    public List<Xattr> xattrs() throws PosixException {
      return Xattrs.readAt(dirFd, name);
    }

    @Override
    public void setXattr(Xattr xattr) throws PosixException {
      Xattrs.setAt(dirFd, name, xattr);
    }

    @Override
    public void removeXattr(byte[] attribute) throws PosixException {
      Xattrs.removeAt(dirFd, name, attribute);
    }
  }
}
