using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NetGen;

/// <summary>
/// Reads a <c>safetensors</c> file: u64 header length, JSON header, data. Opening checks the whole header; the data of an
/// entry are read when they are asked for.
/// </summary>
public sealed class SafeTensorsReader : IDisposable
{
    /// <summary>Largest header that is read, in bytes, as in the reference implementation.</summary>
    public const int MaxHeaderLength = 100_000_000;

    /// <summary>
    /// Most entries of a header that is read, and most texts of its metadata. A header may be 100 MB; this bounds what is made of it.
    /// </summary>
    public const int MaxEntries = 1 << 18;

    // Bytes read at once: a span counts in int, an entry may be longer, and what is summed up is best in the cache.
    private const int ChunkLength = 1 << 18;

    private readonly SafeFileHandle _file;
    private readonly long _dataStart;
    private readonly Dictionary<string, SafeTensorsEntry> _byName;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="SafeTensorsException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public SafeTensorsReader(string path)
    {
        Path = path;
        _file = FileAccessor.OpenHandle(path, out long fileLength);
        try
        {
            if (fileLength < sizeof(ulong))
                throw new SafeTensorsException(path,
                    null, $"expected at least 8 bytes for the header's length, found {fileLength}: the file is truncated, or no "
                    + $"safetensors file.");
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            ReadExactly(prefix, 0, null);
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerLength > MaxHeaderLength)
                throw new SafeTensorsException(path,
                    null, $"the header's length is given as {headerLength} bytes, above the limit of {MaxHeaderLength}; this is no "
                    + $"safetensors file.");
            if ((long)headerLength > fileLength - sizeof(ulong))
                throw new SafeTensorsException(path,
                    null, $"the header's length is given as {headerLength} bytes, but only {fileLength - sizeof(ulong)} follow: the "
                    + $"file is truncated.");

            var header = new byte[(int)headerLength];
            ReadExactly(header, sizeof(ulong), null);
            _dataStart = sizeof(ulong) + header.Length;
            (List<SafeTensorsEntry> entries, Dictionary<string, string> metadata) =
                SafeTensorsHeader.Parse(path, header, fileLength - _dataStart);
            Entries = entries.AsReadOnly();
            Metadata = metadata.AsReadOnly();
            _byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>All entries in the order of their data.</summary>
    public IReadOnlyList<SafeTensorsEntry> Entries { get; }

    /// <summary>What the file says about itself under <c>__metadata__</c>; empty where it says nothing.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>
    /// Whether the metadata have a checksum, as those of all files have that <see cref="SafeTensors"/> writes. Loading parameters looks at
    /// it; reading single entries does not.
    /// </summary>
    public bool HasChecksum => SafeTensorsChecksum.IsIn(Metadata);

    /// <summary>The entry of a name; null where there is none.</summary>
    /// <param name="name">The name.</param>
    public SafeTensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// The elements of an entry, row-major. The type must be the entry's own; nothing is converted. Bytes serve for
    /// <c>BOOL</c> and the eight-bit floats too, <see cref="ushort"/> for <c>BF16</c>.
    /// </summary>
    /// <typeparam name="T">A primitive number type or <see cref="Half"/>.</typeparam>
    /// <param name="name">The entry's name.</param>
    /// <exception cref="SafeTensorsException">
    /// There is no such entry, it has another type or is too long for an array, or the file became shorter.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        SafeTensorsEntry entry = Find(name) ?? throw new SafeTensorsException(Path, name, "there is no such entry.");
        uint checksum = 0;
        return Read<T>(entry, ref checksum);
    }

    /// <summary>Reads all data and compares them, and the header, with the checksum, where the file has one.</summary>
    /// <exception cref="SafeTensorsException">The file was changed or damaged since it was written.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void CheckChecksum()
    {
        if (!HasChecksum)
            return;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
        try
        {
            var summed = new SummedEntry[Entries.Count];
            for (int i = 0; i < summed.Length; i++)
                summed[i] = new SummedEntry(Entries[i], Sum(Entries[i], buffer));
            SafeTensorsChecksum.Check(Path, Metadata, summed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The elements of an entry, and the CRC-32C of its data, which goes on from what it is.</summary>
    internal T[] Read<T>(SafeTensorsEntry entry, ref uint checksum)
        where T : unmanaged
    {
        string name = entry.Name;
        SafeTensorsType? wanted = SafeTensorsTypes.Of<T>();
        bool fits = wanted == entry.Type || entry.Type switch
        {
            SafeTensorsType.Bool or SafeTensorsType.Float8E4M3 or SafeTensorsType.Float8E5M2 => wanted == SafeTensorsType.UInt8,
            SafeTensorsType.BFloat16 => wanted == SafeTensorsType.UInt16,
            _ => false,
        };
        if (!fits)
            throw new SafeTensorsException(Path,
                name, $"expected elements that {typeof(T).Name} holds, found {SafeTensorsTypes.Name(entry.Type)}.");
        if (entry.Length > Array.MaxLength)
            throw new SafeTensorsException(Path, name, $"its {entry.Length} elements do not fit an array.");

        var values = new T[(int)entry.Length];
        int size = SafeTensorsTypes.Size(entry.Type);
        for (int first = 0; first < values.Length; first += ChunkLength / size)
        {
            int count = Math.Min(ChunkLength / size, values.Length - first);
            Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan(first, count));
            ReadExactly(bytes, _dataStart + entry.Begin + (long)first * size, name);
            checksum = Crc32C.Of(bytes, checksum);
            LittleEndian.Convert(bytes, size);
        }
        return values;
    }

    /// <summary>Reads some of the bytes of an entry, as they are.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="first">The first byte, counted from where the entry begins.</param>
    /// <param name="destination">Receives so many as it is long; the caller knows that there are.</param>
    internal void ReadBytes(SafeTensorsEntry entry, long first, Span<byte> destination)
        => ReadExactly(destination, _dataStart + entry.Begin + first, entry.Name);

    /// <summary>Closes the file. Calling it again does nothing.</summary>
    public void Dispose() => _file.Dispose();

    private uint Sum(SafeTensorsEntry entry, byte[] buffer)
    {
        uint checksum = 0;
        for (long first = entry.Begin; first < entry.End; first += buffer.Length)
        {
            Span<byte> bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.End - first));
            ReadExactly(bytes, _dataStart + first, entry.Name);
            checksum = Crc32C.Of(bytes, checksum);
        }
        return checksum;
    }

    private void ReadExactly(Span<byte> destination, long position, string? entry)
    {
        int done = FileAccessor.Fill(_file, destination, position);
        if (done < destination.Length)
            throw new SafeTensorsException(
                Path, entry, $"the file ends at byte {position + done}, {destination.Length - done} bytes too early.");
    }
}
