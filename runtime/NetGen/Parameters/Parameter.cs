using System.ComponentModel;
using System.Globalization;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// A learnable tensor of a network, or its gradient: a live view, in PyTorch's shape and row-major order, of storage that is
/// packed for the kernels. Reading it shows what training has done; writing it changes the network.
/// </summary>
/// <remarks>Not synchronised: do not write while a session or trainer of the same network runs on another thread.</remarks>
public sealed unsafe class Parameter
{
    // Floats in whose place a counter lies.
    private const int CounterLength = sizeof(long) / sizeof(float);

    private readonly int[] _shape;
    private readonly AlignedBuffer _storage;
    private readonly nint _offset;
    private readonly TensorLayout _layout;

    /// <summary>A view of <paramref name="storage"/>; called by generated code.</summary>
    /// <param name="name">Name in files, e.g. <c>conv1.weight</c>.</param>
    /// <param name="shape">PyTorch's shape.</param>
    /// <param name="storage">The buffer the parameter lies in.</param>
    /// <param name="offset">Floats in front of the parameter.</param>
    /// <param name="layout">Where the elements lie, relative to the offset; row-major, as many as the shape has.</param>
    /// <param name="kind">Weight or bias.</param>
    /// <param name="fanIn">Inputs that one output of the layer sees: in features, or in channels · kernel area.</param>
    /// <param name="fanOut">Outputs that one input of the layer reaches: out features, or out channels · kernel area.</param>
    /// <param name="initialValue">What every element starts from, whatever the network's initialisation; NaN where it is drawn.</param>
    /// <param name="isFrozen">The network's declaration freezes it.</param>
    /// <param name="isTable">Its rows are looked up.</param>
    /// <param name="paddingRow">The row of a table that stands for nothing; −1 for none.</param>
    /// <param name="isXavier">PyTorch's default draws it from ±√(6 / (fan in + fan out)).</param>
    /// <param name="gain">What its rows from <paramref name="gainFrom"/> on are multiplied by when they have been drawn.</param>
    /// <param name="gainFrom">The first row that is multiplied.</param>
    /// <param name="format">How the elements are kept; a counter's are what they are.</param>
    /// <exception cref="ArgumentException">
    /// Shape and layout differ in elements, or the storage is too short, or a counter is not one number at an even offset.
    /// </exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Parameter(string name, int[] shape, AlignedBuffer storage, nint offset, TensorLayout layout, ParameterKind kind, int fanIn,
        int fanOut, float initialValue = float.NaN, bool isFrozen = false, bool isTable = false, int paddingRow = -1,
        bool isXavier = false, float gain = 1, int gainFrom = 0, WeightFormat format = WeightFormat.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(fanIn, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(fanOut, 1);

        long elements = 1;
        foreach (int extent in shape)
            elements = checked(elements * extent);
        if (elements != layout.Length)
            throw new ArgumentException($"Parameter '{name}': shape {FormatShape(shape)} has {elements} elements, but its layout "
                + $"has {layout.Length}.", nameof(layout));
        if (kind == ParameterKind.Counter && (elements != 1 || offset % CounterLength != 0))
            throw new ArgumentException($"Parameter '{name}': a counter is one number at an even offset, not {elements} at {offset}.",
                nameof(layout));
        Name = name;
        _shape = (int[])shape.Clone();
        _storage = storage;
        _offset = offset;
        _layout = layout;
        Kind = kind;
        FanIn = fanIn;
        FanOut = fanOut;
        InitialValue = initialValue;
        IsFrozen = isFrozen;
        IsTable = isTable;
        PaddingRow = paddingRow < 0 ? null : paddingRow;
        IsXavier = isXavier;
        Gain = gain;
        GainFrom = gainFrom;
        Format = format;
        if (StoredFloats > storage.Length - offset)
            throw new ArgumentException($"Parameter '{name}': needs {StoredFloats} floats from {offset}, but the storage "
                + $"has {storage.Length}.", nameof(storage));
    }

    /// <summary>PyTorch's default draws it as <c>xavier_uniform_</c>.</summary>
    internal bool IsXavier { get; }

    /// <summary>What the rows from <see cref="GainFrom"/> on are multiplied by when they have been drawn.</summary>
    internal float Gain { get; }

    internal int GainFrom { get; }

    /// <summary>Name in files: the dotted path of the layer, then <c>weight</c> or <c>bias</c>.</summary>
    public string Name { get; }

    /// <summary>PyTorch's shape: [out, in] for Linear, [out, in, height, width] for Conv2d, [out] for biases.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Number of elements, the product of the shape.</summary>
    public int Length => _layout.Length;

    /// <summary>Weight or bias.</summary>
    public ParameterKind Kind { get; }

    /// <summary>
    /// How the elements are kept in memory. What is written to a parameter in <see cref="WeightFormat.BFloat16"/> is rounded, and read as
    /// it was rounded.
    /// </summary>
    public WeightFormat Format { get; }

    /// <summary>Inputs that one output of the layer sees, as PyTorch's initialisation counts them.</summary>
    public int FanIn { get; }

    /// <summary>Outputs that one input of the layer reaches, as PyTorch's initialisation counts them.</summary>
    public int FanOut { get; }

    /// <summary>
    /// What every element starts from, whatever the network's initialisation (1 for the weight of a normalisation); NaN where the
    /// initialisation draws it.
    /// </summary>
    public float InitialValue { get; }

    /// <summary>
    /// It is a table whose rows are looked up, the weight of an embedding: PyTorch's default draws it from N(0, 1).
    /// </summary>
    public bool IsTable { get; }

    /// <summary>
    /// The row of a table that stands for nothing: it has no gradient, and whatever draws the parameter leaves it at zero. Null where there
    /// is none.
    /// </summary>
    public int? PaddingRow { get; }

    /// <summary>
    /// What a counter counts, exactly. The members that read it as a float round it beyond 2²⁴, and those that write one take whole numbers
    /// of at least 0.
    /// </summary>
    /// <exception cref="InvalidOperationException">The parameter is no <see cref="ParameterKind.Counter"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long CounterValue
    {
        get
        {
            CheckIsCounter();
            using var access = new Access(this);
            return *(long*)access.Start;
        }

        set
        {
            CheckIsCounter();
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            using var access = new Access(this);
            *(long*)access.Start = value;
            _storage.Touch();
        }
    }

    /// <summary>One element.</summary>
    /// <param name="indices">One index for each dimension of <see cref="Shape"/>.</param>
    /// <exception cref="ArgumentException">
    /// There are fewer or more indices than dimensions, or a counter is set to what is no whole number of at least 0.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside its dimension.</exception>
    public float this[params ReadOnlySpan<int> indices]
    {
        get
        {
            nint offset = OffsetOf(indices);
            if (Kind == ParameterKind.Counter)
                return CounterValue;
            using var access = new Access(this);
            return Format == WeightFormat.BFloat16
                ? StoredBFloat16.ToSingle(((StoredBFloat16*)access.Start)[offset]) : access.Start[offset];
        }

        set
        {
            nint offset = OffsetOf(indices);
            if (Kind == ParameterKind.Counter)
            {
                CounterValue = ToCount(value);
                return;
            }
            using var access = new Access(this);
            if (Format == WeightFormat.BFloat16)
                ((StoredBFloat16*)access.Start)[offset] = StoredBFloat16.Of(value);
            else
                access.Start[offset] = value;
            _storage.Touch();
        }
    }

    /// <summary>Copies all elements, row-major.</summary>
    /// <param name="destination">Exactly <see cref="Length"/> floats.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void CopyTo(Span<float> destination)
    {
        CheckLength(destination.Length, nameof(destination));
        if (Kind == ParameterKind.Counter)
        {
            destination[0] = CounterValue;
            return;
        }
        CopyTo(0, destination);
    }

    /// <summary>Sets all elements from row-major values.</summary>
    /// <param name="source">Exactly <see cref="Length"/> floats.</param>
    /// <exception cref="ArgumentException">
    /// The span has another length, or a counter's value is no whole number of at least 0; nothing is changed.
    /// </exception>
    public void CopyFrom(ReadOnlySpan<float> source)
    {
        CheckLength(source.Length, nameof(source));
        if (Kind == ParameterKind.Counter)
        {
            CounterValue = ToCount(source[0]);
            return;
        }
        CopyFrom(0, source);
    }

    /// <summary>Copies some elements of what is no counter.</summary>
    /// <param name="first">The first of them, row-major.</param>
    /// <param name="destination">Receives so many as it is long; the caller knows that there are.</param>
    internal void CopyTo(int first, Span<float> destination)
    {
        using var access = new Access(this);
        if (Format == WeightFormat.BFloat16)
            _layout.Gather(first, (StoredBFloat16*)access.Start, destination);
        else
            _layout.Gather(first, (StoredFloat*)access.Start, destination);
    }

    /// <summary>Sets some elements of what is no counter.</summary>
    /// <param name="first">The first of them, row-major.</param>
    /// <param name="source">Their values; the caller knows that there are so many.</param>
    internal void CopyFrom(int first, ReadOnlySpan<float> source)
    {
        using var access = new Access(this);
        if (Format == WeightFormat.BFloat16)
            _layout.Scatter(first, source, (StoredBFloat16*)access.Start);
        else
            _layout.Scatter(first, source, (StoredFloat*)access.Start);
        _storage.Touch();
    }

    /// <summary>
    /// Takes what a device has of all elements, row-major: the storage's own contents, come home. A count that a float cannot tell from
    /// what the device has stays as it is.
    /// </summary>
    internal void Receive(ReadOnlySpan<float> source)
    {
        float* start = _storage.HomePointer + _offset;
        if (Kind == ParameterKind.Counter)
        {
            if (*(long*)start != source[0])
                *(long*)start = ToCount(source[0]);
        }
        else if (Format == WeightFormat.BFloat16)
        {
            _layout.Scatter(0, source, (StoredBFloat16*)start);
        }
        else
        {
            _layout.Scatter(0, source, (StoredFloat*)start);
        }
    }

    /// <summary>A copy of all elements, row-major.</summary>
    public float[] ToArray()
    {
        var values = new float[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>Sets every element to one value.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">
    /// The parameter is a counter, and the value no whole number of at least 0; nothing is changed.
    /// </exception>
    public void Fill(float value)
    {
        if (Kind == ParameterKind.Counter)
        {
            CounterValue = ToCount(value);
            return;
        }
        using var access = new Access(this);
        if (Format == WeightFormat.BFloat16)
            _layout.Fill((StoredBFloat16*)access.Start, value);
        else
            _layout.Fill((StoredFloat*)access.Start, value);
        _storage.Touch();
    }

    /// <summary>Name and shape, e.g. <c>conv1.weight [32, 1, 7, 7]</c>.</summary>
    public override string ToString() => $"{Name} {FormatShape(_shape)}";

    /// <summary>A shape as messages write it, e.g. <c>[32, 1, 7, 7]</c>.</summary>
    internal static string FormatShape<T>(IEnumerable<T> shape)
        where T : IFormattable
        => "[" + string.Join(", ", shape.Select(extent => extent.ToString(null, CultureInfo.InvariantCulture))) + "]";

    /// <summary>
    /// The network's declaration freezes it (<see cref="LayerAttribute.Frozen"/>): it has no gradient, and training leaves it as it is.
    /// </summary>
    public bool IsFrozen { get; }

    /// <summary>Optimisers change it: a weight or a bias that the declaration does not freeze.</summary>
    public bool IsLearned => IsWeightOrBias && !IsFrozen;

    /// <summary>An initialisation draws it or gives it its value, whether or not it is frozen then.</summary>
    internal bool IsWeightOrBias => Kind is ParameterKind.Weight or ParameterKind.Bias;

    /// <summary>What lies at the same place of another buffer, such as a gradient's running average.</summary>
    internal Parameter In(AlignedBuffer storage, string name)
        => new(name, _shape, storage, _offset, _layout, ParameterKind.Weight, FanIn, FanOut);

    /// <summary>The same parameter, kind and all, at the same place of another buffer.</summary>
    internal Parameter CopyIn(AlignedBuffer storage, string name)
        => new(name, _shape, storage, _offset, _layout, Kind, FanIn, FanOut, format: Format);

    /// <summary>Floats in front of the parameter in the buffer that it lies in.</summary>
    internal nint Offset => _offset;

    /// <summary>The buffer that the parameter lies in.</summary>
    internal AlignedBuffer Storage => _storage;

    /// <summary>Floats of the buffer that the parameter takes, from its offset on.</summary>
    internal nint StoredFloats => Kind == ParameterKind.Counter ? CounterLength
        : Format == WeightFormat.BFloat16 ? (_layout.StorageLength + 1) / 2 : _layout.StorageLength;

    private void CheckIsCounter()
    {
        if (Kind != ParameterKind.Counter)
            throw new InvalidOperationException($"Parameter '{Name}' is no counter, but a {Kind}.");
    }

    // 2⁶³ itself is the first float that is too large.
    private long ToCount(float value) => value >= 0 && value < 9223372036854775808f && value == MathF.Floor(value)
        ? (long)value
        : throw new ArgumentException(
            string.Create(
            CultureInfo.InvariantCulture, $"Parameter '{Name}' counts: expected a whole number from 0 to 2⁶³ − 1, got {value}."),
            nameof(value));

    private nint OffsetOf(ReadOnlySpan<int> indices)
    {
        if (indices.Length != _shape.Length)
            throw new ArgumentException($"Parameter '{Name}' has {_shape.Length} dimensions, {FormatShape(_shape)}, "
                + $"but {indices.Length} indices were given.", nameof(indices));
        int index = 0;
        for (int d = 0; d < indices.Length; d++)
        {
            if ((uint)indices[d] >= (uint)_shape[d])
                throw new ArgumentOutOfRangeException(nameof(indices),
                    indices[d], $"Parameter '{Name}' has shape {FormatShape(_shape)}: index {d} must be below {_shape[d]}.");
            index = index * _shape[d] + indices[d];
        }
        return _layout.Offset(index);
    }

    private void CheckLength(int actual, string parameterName)
    {
        if (actual != Length)
            throw new ArgumentException($"Parameter '{Name}' has {Length} elements, {FormatShape(_shape)}, but the span has {actual}.",
                parameterName);
    }

    // The memory of a gradient goes with its trainer; while it is read or written here it stays, whoever disposes of the trainer meanwhile.
    private readonly ref struct Access(Parameter parameter)
    {
        public readonly float* Start = parameter._storage.Take() + parameter._offset;

        public void Dispose() => parameter._storage.Return();
    }
}
