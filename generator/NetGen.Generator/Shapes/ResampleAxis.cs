namespace NetGen.Generator.Shapes;

/// <summary>Where the outputs of a resampling lie among its inputs, in one direction.</summary>
/// <param name="Size">Number of inputs.</param>
/// <param name="Factor">The declared scale factor; 0 where the sizes say it.</param>
/// <param name="IsLinear">Between the two nearest inputs, in proportion; else the nearest one.</param>
internal sealed record ResampleMap(int Size, int Outputs, double Factor, bool IsLinear, bool AlignCorners);

/// <summary>One direction of a resampling, or the map back from its outputs to its inputs, which is its derivative.</summary>
internal sealed class ResampleAxis : IEquatable<ResampleAxis>
{
    private readonly ResamplePositions _positions;
    private readonly Lazy<(bool IsUnweighted, bool IsIdentity, int? Factor)> _form;

    private ResampleAxis(ResampleMap map)
    {
        Map = map;
        _positions = map.IsLinear
            ? ResamplePositions.Linear(map.Size, map.Outputs, map.Factor, map.AlignCorners)
            : ResamplePositions.Nearest(map.Size, map.Outputs, map.Factor);
        // Asked for where kernels are selected only: there may be millions of outputs.
        _form = new(() => FindForm(_positions));
    }

    private ResampleAxis(ResampleAxis forward)
    {
        Map = forward.Map;
        _positions = forward._positions;
        _form = forward._form;
        IsBack = true;
    }

    public ResampleMap Map { get; }

    /// <summary>From outputs to inputs.</summary>
    public bool IsBack { get; }

    public static ResampleAxis Nearest(int size, int outputs, double? factor)
        => new(new ResampleMap(size, outputs, factor ?? 0, IsLinear: false, AlignCorners: false));

    public static ResampleAxis Linear(int size, int outputs, double? factor, bool alignCorners)
        => new(new ResampleMap(size, outputs, factor ?? 0, IsLinear: true, alignCorners));

    /// <summary>The map back: to each input from all outputs that read it.</summary>
    public ResampleAxis Transpose() => new(this);

    /// <summary>Number of what is read.</summary>
    public int Size => IsBack ? _positions.Outputs : _positions.Size;

    /// <summary>Every weight is 1, so that values are only copied or added.</summary>
    public bool IsUnweighted => _form.Value.IsUnweighted;

    /// <summary>Every result is one of the values that are read.</summary>
    public bool IsSelection => IsUnweighted && (!IsBack || IsIdentity);

    public bool IsIdentity => _positions.Outputs == _positions.Size && _form.Value.IsIdentity;

    /// <summary>Where every result is value i / factor, the factor.</summary>
    public int? Factor => !IsBack ? _form.Value.Factor : IsIdentity ? 1 : null;

    /// <summary>Where every result is the sum of the same number of values side by side, that number.</summary>
    public int? Multiple => IsBack && _form.Value.Factor > 1 ? _form.Value.Factor : null;

    public bool Equals(ResampleAxis? other) => other is not null && Map == other.Map && IsBack == other.IsBack;

    public override bool Equals(object? obj) => Equals(obj as ResampleAxis);

    public override int GetHashCode() => Map.GetHashCode() ^ (IsBack ? 1 : 0);

    private static (bool IsUnweighted, bool IsIdentity, int? Factor) FindForm(ResamplePositions positions)
    {
        int factor = positions.Outputs / positions.Size;
        bool identity = positions.Outputs == positions.Size, divides = factor > 0 && positions.Outputs % positions.Size == 0;
        for (int i = 0; i < positions.Outputs; i++)
        {
            int first = positions.First(i, out double beyond);
            if (beyond != 0)
                return (false, false, null);
            identity &= first == i;
            divides = divides && first == i / factor;
        }
        return (true, identity, divides ? factor : null);
    }
}
