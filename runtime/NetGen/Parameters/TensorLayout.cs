using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// Where the elements of a tensor lie in packed storage. The elements are counted in row-major order of the dimensions given
/// here, which is PyTorch's order of the same tensor: a Linear weight [128, 3136] whose inputs are packed as an image is
/// described by the dimensions 128, 64, 7, 7.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class TensorLayout
{
    // Offset of each index, dimension by dimension: dividing by the block once here instead of at every element.
    private readonly nint[][] _offsets;

    /// <summary>A layout of the given dimensions, outermost first.</summary>
    /// <param name="dimensions">At least one dimension.</param>
    /// <exception cref="ArgumentException">There is no dimension, an extent or block is below 1, or a stride is negative.</exception>
    /// <exception cref="OverflowException">There are more than 2³¹ − 1 elements, or an offset exceeds the address space.</exception>
    public TensorLayout(params TensorDimension[] dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        if (dimensions.Length == 0)
            throw new ArgumentException("A layout needs at least one dimension.", nameof(dimensions));

        _offsets = new nint[dimensions.Length][];
        int length = 1;
        nint end = 1;
        for (int d = 0; d < dimensions.Length; d++)
        {
            TensorDimension dimension = dimensions[d];
            if (dimension.Extent < 1 || dimension.Block < 1 || dimension.OuterStride < 0 || dimension.InnerStride < 0)
            {
                throw new ArgumentException(
                    $"Dimension {d}: extent {dimension.Extent} and block {dimension.Block} must be at least 1, "
                        + $"strides {dimension.OuterStride} and {dimension.InnerStride} at least 0.",
                    nameof(dimensions));
            }
            length = checked(length * dimension.Extent);

            var offsets = new nint[dimension.Extent];
            nint largest = 0;
            for (int i = 0; i < offsets.Length; i++)
            {
                offsets[i] = checked((nint)dimension.Offset(i));
                largest = Math.Max(largest, offsets[i]);
            }
            end = checked(end + largest);
            _offsets[d] = offsets;
        }
        Length = length;
        StorageLength = end;
    }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>Elements of storage that the layout spans: the largest offset plus one.</summary>
    public nint StorageLength { get; }

    /// <summary>Where element <paramref name="index"/>, counted in row-major order, lies.</summary>
    /// <param name="index">From 0 to <see cref="Length"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the tensor.</exception>
    public nint Offset(int index)
    {
        if ((uint)index >= (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The tensor has {Length} elements.");
        nint offset = 0;
        for (int d = _offsets.Length - 1; d >= 0; d--)
        {
            nint[] offsets = _offsets[d];
            (index, int i) = Math.DivRem(index, offsets.Length);
            offset += offsets[i];
        }
        return offset;
    }

    /// <summary>Writes row-major values to packed storage. What lies between the elements is left alone.</summary>
    /// <param name="values">Exactly <see cref="Length"/> values.</param>
    /// <param name="storage">At least <see cref="StorageLength"/> floats.</param>
    /// <exception cref="ArgumentException">There are fewer or more values than elements.</exception>
    public void Scatter(ReadOnlySpan<float> values, float* storage)
    {
        CheckLength(values.Length, nameof(values));
        Scatter(0, values, (StoredFloat*)storage);
    }

    /// <summary>Reads packed storage into row-major order.</summary>
    /// <param name="storage">At least <see cref="StorageLength"/> floats.</param>
    /// <param name="values">Exactly <see cref="Length"/> values.</param>
    /// <exception cref="ArgumentException">There are fewer or more values than elements.</exception>
    public void Gather(float* storage, Span<float> values)
    {
        CheckLength(values.Length, nameof(values));
        Gather(0, (StoredFloat*)storage, values);
    }

    /// <summary>Writes some of the values, which the caller knows to be elements.</summary>
    /// <param name="first">The first of them, counted in row-major order.</param>
    /// <param name="values">One behind the other.</param>
    /// <param name="storage">At least <see cref="StorageLength"/> elements.</param>
    internal void Scatter<TElement>(int first, ReadOnlySpan<float> values, TElement* storage)
        where TElement : unmanaged, IStoredElement<TElement>
    {
        ReadOnlySpan<nint> last = _offsets[^1];
        Span<int> indices = stackalloc int[_offsets.Length];
        int column = Seek(first, indices);
        while (!values.IsEmpty)
        {
            TElement* start = storage + NextRow(indices);
            ReadOnlySpan<nint> offsets = last.Slice(column, Math.Min(last.Length - column, values.Length));
            for (int i = 0; i < offsets.Length; i++)
                start[offsets[i]] = TElement.Of(values[i]);
            values = values[offsets.Length..];
            column = 0;
        }
    }

    /// <summary>Reads some of the values, which the caller knows to be elements.</summary>
    /// <param name="first">The first of them, counted in row-major order.</param>
    /// <param name="storage">At least <see cref="StorageLength"/> elements.</param>
    /// <param name="values">Receives them one behind the other.</param>
    internal void Gather<TElement>(int first, TElement* storage, Span<float> values)
        where TElement : unmanaged, IStoredElement<TElement>
    {
        ReadOnlySpan<nint> last = _offsets[^1];
        Span<int> indices = stackalloc int[_offsets.Length];
        int column = Seek(first, indices);
        while (!values.IsEmpty)
        {
            TElement* start = storage + NextRow(indices);
            ReadOnlySpan<nint> offsets = last.Slice(column, Math.Min(last.Length - column, values.Length));
            for (int i = 0; i < offsets.Length; i++)
                values[i] = TElement.ToSingle(start[offsets[i]]);
            values = values[offsets.Length..];
            column = 0;
        }
    }

    /// <summary>Sets every element in packed storage to one value. What lies between the elements is left alone.</summary>
    /// <param name="storage">At least <see cref="StorageLength"/> elements.</param>
    /// <param name="value">The value.</param>
    internal void Fill<TElement>(TElement* storage, float value)
        where TElement : unmanaged, IStoredElement<TElement>
    {
        TElement element = TElement.Of(value);
        ReadOnlySpan<nint> last = _offsets[^1];
        Span<int> indices = stackalloc int[_offsets.Length];
        for (int row = 0; row < Length; row += last.Length)
        {
            TElement* start = storage + NextRow(indices);
            foreach (nint offset in last)
                start[offset] = element;
        }
    }

    // Sets the indices of all dimensions but the last to the row of an element, and gives its place in the row.
    private int Seek(int element, Span<int> indices)
    {
        (int row, int column) = Math.DivRem(element, _offsets[^1].Length);
        for (int d = _offsets.Length - 2; d >= 0; d--)
            (row, indices[d]) = Math.DivRem(row, _offsets[d].Length);
        return column;
    }

    // Offset of the row that the indices of all dimensions but the last stand at; then moves them on by one row.
    private nint NextRow(Span<int> indices)
    {
        nint offset = 0;
        for (int d = 0; d < _offsets.Length - 1; d++)
            offset += _offsets[d][indices[d]];
        for (int d = _offsets.Length - 2; d >= 0; d--)
        {
            if (++indices[d] < _offsets[d].Length)
                break;
            indices[d] = 0;
        }
        return offset;
    }

    private void CheckLength(int actual, string parameterName)
    {
        if (actual != Length)
            throw new ArgumentException($"The tensor has {Length} elements, but the span has {actual}.", parameterName);
    }
}
