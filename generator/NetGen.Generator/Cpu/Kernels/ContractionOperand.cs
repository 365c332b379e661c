using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A value of a contraction: how far an element is from another by one of its indices.</summary>
internal sealed class ContractionOperand
{
    private readonly Dictionary<char, long> _strides;
    private readonly long _blockStride;

    /// <param name="letters">The indices of channel, row and column.</param>
    /// <param name="lane">The index that the lanes stand for.</param>
    public ContractionOperand(string name, string letters, Layout layout, char? lane, bool hasSampleLanes)
    {
        Name = name;
        Layout = layout;
        Indices = [.. letters.Where(index => index != ContractionIndices.One)];
        Start = Literals.Plus(name, layout.Origin);
        _blockStride = layout.PlaneStride;
        _strides = [];
        Add(1, layout.RowStride);
        Add(2, layout.PixelStride);
        if (hasSampleLanes)
            Add(0, layout.PlaneStride);
        else if (letters[0] != ContractionIndices.One)
            Channel = letters[0];
        Lane = lane;
        IsVector = hasSampleLanes || (lane is not null && Channel == lane);
        NeedsCopy = !IsVector && lane is { } wanted && _strides.ContainsKey(wanted);

        void Add(int dimension, int stride)
        {
            if (letters[dimension] != ContractionIndices.One)
                _strides[letters[dimension]] = stride;
        }
    }

    private ContractionOperand(ContractionOperand original, Dictionary<char, long> strides, long blockStride, string start)
    {
        (Name, Layout, Indices, Lane) = (original.Name, original.Layout, original.Indices, original.Lane);
        (_strides, _blockStride, Start, Original) = (strides, blockStride, start, original);
        (Channel, IsVector) = (original.Lane, true);
    }

    public string Name { get; }

    public Layout Layout { get; }

    public IReadOnlyList<char> Indices { get; }

    /// <summary>The address of its first element.</summary>
    public string Start { get; }

    /// <summary>The index of its channels, where those lie in blocks of 16.</summary>
    public char? Channel { get; }

    private char? Lane { get; }

    /// <summary>Elements are read as vectors; otherwise one by one, for all lanes.</summary>
    public bool IsVector { get; }

    /// <summary>The lanes' index is one of its rows or columns.</summary>
    public bool NeedsCopy { get; }

    /// <summary>What it is a copy of; null where it is none.</summary>
    public ContractionOperand? Original { get; }

    public bool Has(char index) => Indices.Contains(index);

    /// <param name="strides">Floats from one value of an index to the next, but for the lanes'.</param>
    /// <param name="blockStride">The same from one block of 16 of the lanes' index to the next.</param>
    public ContractionOperand AsCopy(Dictionary<char, long> strides, long blockStride, string start)
        => new(this, strides, blockStride, start);

    /// <summary>What is added to its address for a value of an index, a variable; null where it does not have it.</summary>
    /// <param name="variable">Of the lanes' index, the number of the block of 16.</param>
    public string? Step(char index, string variable)
    {
        if (!Has(index))
            return null;
        if (index == Lane && IsVector)
            return $"{variable} * {Literals.Int(_blockStride)}";
        if (_strides.TryGetValue(index, out long stride))
            return stride == 1 ? variable : $"{variable} * {Literals.Int(stride)}";
        return $"({variable} >> 4) * {Literals.Int(_blockStride)} + ({variable} & 15)";
    }

    /// <summary>Floats to the element of the next value of an index. Channels count within their block of 16.</summary>
    public long StrideOf(char index) => !Has(index) ? 0 : _strides.TryGetValue(index, out long stride) ? stride : 1;
}
