using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>
/// Reads parameters from files: everything is checked and read once before the first parameter is written, and then read again in pieces.
/// So nothing is held twice, however large it is, and what is wrong is found while the parameters are as they were.
/// </summary>
/// <param name="files">The files.</param>
/// <param name="options">Names, and what may be too many or missing.</param>
/// <param name="isExact">Floats must be <c>F32</c>: a state that is gone on from has all its bits.</param>
internal sealed class ParameterLoader(ParameterFiles files, LoadOptions options, bool isExact)
{
    // Of what does not fit, so many are named: a network has thousands of entries, a file of anything has millions.
    private const int MaxProblems = 20;

    // Elements read at once: few enough for them to be in the cache while they are converted and laid out.
    private const int PieceLength = 1 << 15;

    private readonly List<Source> _sources = [];
    private readonly List<(string Entry, string Problem)> _problems = [];

    /// <summary>Where a parameter is read from.</summary>
    private sealed record Source(Parameter Parameter, SafeTensorsReader Reader, SafeTensorsEntry Entry)
    {
        /// <summary>What a counter is set to.</summary>
        public long Count { get; set; }

        public bool IsCounter => Parameter.Kind == ParameterKind.Counter;
    }

    /// <summary>Checks everything, then sets the parameters.</summary>
    /// <param name="parameters">The parameters; each name once.</param>
    /// <exception cref="ArgumentException">The options give no name for a parameter.</exception>
    /// <exception cref="SafeTensorsException">A file is damaged or does not fit; no parameter is changed.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void Load(IReadOnlyList<Parameter> parameters)
    {
        foreach (Parameter parameter in parameters)
            FindSource(parameter);
        FindForeign();
        // A damaged name fits nothing either, and that it is damage is the better news.
        files.CheckChecksums();
        ThrowProblems();

        byte[] bytes = ArrayPool<byte>.Shared.Rent(PieceLength * sizeof(double));
        float[] values = ArrayPool<float>.Shared.Rent(PieceLength);
        try
        {
            foreach (Source source in _sources)
                Check(source, bytes, values);
            foreach (Source source in _sources)
                Set(source, bytes, values);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<float>.Shared.Return(values);
        }
    }

    /// <summary>The type that a parameter is written as, where nothing else is asked for.</summary>
    public static SafeTensorsType TypeOf(Parameter parameter)
        => parameter.Kind == ParameterKind.Counter ? SafeTensorsType.Int64
            : parameter.Format == WeightFormat.BFloat16 ? SafeTensorsType.BFloat16 : SafeTensorsType.Float32;

    private void FindSource(Parameter parameter)
    {
        string name = options.NameInFile is { } nameInFile ? nameInFile(parameter.Name) : parameter.Name;
        if (string.IsNullOrEmpty(name))
            throw new ArgumentException($"{nameof(LoadOptions.NameInFile)} gives no name for the parameter '{parameter.Name}'.",
                nameof(options));
        string whose = name == parameter.Name ? "" : $"for the parameter {FileText.Quote(parameter.Name)}: ";
        if (files.Find(name) is not var (reader, entry))
        {
            if (options.Keep?.Invoke(parameter.Name) != true)
                _problems.Add((name, $"{whose}is missing in {files.Missing(name)}; "
                    + $"expected {SafeTensorsTypes.Name(TypeOf(parameter))} {Parameter.FormatShape(parameter.Shape.ToArray())}."));
            return;
        }
        _sources.Add(new Source(parameter, reader, entry));
        if (!SameShape(entry.Shape, parameter.Shape))
            _problems.Add((name, $"{whose}expected shape {Parameter.FormatShape(parameter.Shape.ToArray())}, "
                + $"found {Parameter.FormatShape(entry.Shape)}{files.In(reader)}."));
        else if (!Fits(entry.Type, parameter))
            _problems.Add((name, $"{whose}expected type {Expected(parameter)}, "
                + $"found {SafeTensorsTypes.Name(entry.Type)}{files.In(reader)}."));
    }

    /// <summary>Finds entries that no parameter is read from, and that are not ignored.</summary>
    private void FindForeign()
    {
        var used = new HashSet<SafeTensorsEntry>(_sources.Select(source => source.Entry), ReferenceEqualityComparer.Instance);
        foreach (SafeTensorsReader reader in files.Readers)
        {
            foreach (SafeTensorsEntry entry in reader.Entries)
            {
                if (used.Contains(entry) || options.Ignore?.Invoke(entry.Name) == true)
                    continue;
                bool isWhereItSays = ReferenceEquals(files.Find(entry.Name)?.Entry, entry);
                _problems.Add((entry.Name, isWhereItSays ? $"is not a parameter of this network{files.In(reader)}."
                    : $"is in '{Path.GetFileName(reader.Path)}', but weight_map does not say so."));
            }
        }
    }

    // What does not fit in one message, as one wants to see it when a network was changed since.
    private void ThrowProblems()
    {
        if (_problems.Count == 1)
            throw new SafeTensorsException(files.Path, _problems[0].Entry, _problems[0].Problem);
        if (_problems.Count > 1)
        {
            throw new SafeTensorsException(files.Path, null, $"{_problems.Count} entries do not fit this network."
                + string.Concat(
                    _problems.Take(MaxProblems)
                    .Select(problem => $"{Environment.NewLine}  entry {FileText.Quote(problem.Entry)}: {problem.Problem}"))
                + (_problems.Count <= MaxProblems ? "" : $"{Environment.NewLine}  and {_problems.Count - MaxProblems} more."));
        }
    }

    /// <summary>Reads what has not been read for a checksum, and what may be wrong with values.</summary>
    private static void Check(Source source, byte[] bytes, float[] values)
    {
        (Parameter parameter, SafeTensorsReader reader, SafeTensorsEntry entry) = source;
        if (source.IsCounter)
        {
            source.Count = ReadCount(reader, entry);
            return;
        }
        if (reader.HasChecksum && entry.Type != SafeTensorsType.Float64)
            return;
        for (long first = 0; first < parameter.Length; first += PieceLength)
        {
            Span<byte> piece = Read(source, first, bytes);
            if (entry.Type != SafeTensorsType.Float64)
                continue;
            int tooLarge = FloatConversion.Widen(entry.Type, piece, values.AsSpan(0, piece.Length / sizeof(double)));
            if (tooLarge >= 0)
                throw new SafeTensorsException(reader.Path, entry.Name, string.Create(CultureInfo.InvariantCulture,
                    $"element {first + tooLarge} is {MemoryMarshal.Cast<byte, double>(piece)[tooLarge]}, which is too large for a float."));
        }
    }

    private static void Set(Source source, byte[] bytes, float[] values)
    {
        if (source.IsCounter)
        {
            source.Parameter.CounterValue = source.Count;
            return;
        }
        int size = SafeTensorsTypes.Size(source.Entry.Type);
        for (long first = 0; first < source.Parameter.Length; first += PieceLength)
        {
            Span<byte> piece = Read(source, first, bytes);
            Span<float> floats = values.AsSpan(0, piece.Length / size);
            FloatConversion.Widen(source.Entry.Type, piece, floats);
            source.Parameter.CopyFrom((int)first, floats);
        }
    }

    private static Span<byte> Read(Source source, long first, byte[] bytes)
    {
        int size = SafeTensorsTypes.Size(source.Entry.Type);
        Span<byte> piece = bytes.AsSpan(0, (int)Math.Min(PieceLength, source.Parameter.Length - first) * size);
        source.Reader.ReadBytes(source.Entry, first * size, piece);
        return piece;
    }

    // A state dictionary that was converted as a whole (model.half(), or tensors cast one and all) has its counters in that type.
    private static long ReadCount(SafeTensorsReader reader, SafeTensorsEntry entry)
    {
        uint checksum = 0;
        Int128 count = entry.Type switch
        {
            SafeTensorsType.Int64 => reader.Read<long>(entry, ref checksum)[0],
            SafeTensorsType.UInt64 => reader.Read<ulong>(entry, ref checksum)[0],
            SafeTensorsType.Int32 => reader.Read<int>(entry, ref checksum)[0],
            SafeTensorsType.UInt32 => reader.Read<uint>(entry, ref checksum)[0],
            SafeTensorsType.Int16 => reader.Read<short>(entry, ref checksum)[0],
            SafeTensorsType.UInt16 => reader.Read<ushort>(entry, ref checksum)[0],
            SafeTensorsType.Int8 => reader.Read<sbyte>(entry, ref checksum)[0],
            SafeTensorsType.UInt8 => reader.Read<byte>(entry, ref checksum)[0],
            SafeTensorsType.Float64 => Whole(reader.Read<double>(entry, ref checksum)[0]),
            SafeTensorsType.Float32 => Whole(reader.Read<float>(entry, ref checksum)[0]),
            SafeTensorsType.Float16 => Whole((double)reader.Read<Half>(entry, ref checksum)[0]),
            _ => Whole(BitConverter.Int32BitsToSingle(reader.Read<ushort>(entry, ref checksum)[0] << 16)),
        };
        return count >= 0 && count <= long.MaxValue
            ? (long)count
            : throw new SafeTensorsException(reader.Path, entry.Name,
                string.Create(CultureInfo.InvariantCulture, $"it counts: expected a number from 0 to 2⁶³ − 1, found {count}."));

        // Int128 holds every whole double that is not far beyond what is allowed.
        Int128 Whole(double value) => Math.Floor(value) == value && Math.Abs(value) < 1e30
            ? (Int128)value
            : throw new SafeTensorsException(reader.Path, entry.Name,
                string.Create(CultureInfo.InvariantCulture, $"it counts: expected a whole number from 0 to 2⁶³ − 1, found {value}."));
    }

    private bool Fits(SafeTensorsType type, Parameter parameter) => parameter.Kind == ParameterKind.Counter
        ? type is not (SafeTensorsType.Bool or SafeTensorsType.Float8E4M3 or SafeTensorsType.Float8E5M2)
        : isExact ? type == SafeTensorsType.Float32 : FloatConversion.Takes(type);

    private string Expected(Parameter parameter) => parameter.Kind == ParameterKind.Counter || isExact
        ? SafeTensorsTypes.Name(TypeOf(parameter)) : FloatConversion.Types;

    private static bool SameShape(IReadOnlyList<long> found, ReadOnlySpan<int> expected)
    {
        if (found.Count != expected.Length)
            return false;
        for (int d = 0; d < expected.Length; d++)
        {
            if (found[d] != expected[d])
                return false;
        }
        return true;
    }
}
