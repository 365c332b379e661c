using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>One direction of a resampling, or the map back from its outputs to its inputs, which is its derivative.</summary>
internal sealed class ResampleAxis
{
    private readonly ResamplePositions _positions;
    private readonly string _expression;
    private readonly bool _isBack;
    private readonly Lazy<(bool IsUnweighted, bool IsIdentity, int? Factor)> _form;

    /// <param name="expression">The C# expression that makes the positions.</param>
    private ResampleAxis(ResamplePositions positions, string expression)
    {
        _positions = positions;
        _expression = expression;
        // Asked for where kernels are selected only: there may be millions of outputs.
        _form = new(() => FindForm(positions));
    }

    private ResampleAxis(ResampleAxis forward)
    {
        _positions = forward._positions;
        _expression = forward._expression;
        _form = forward._form;
        _isBack = true;
    }

    public static ResampleAxis Nearest(int size, int outputs, double? factor)
        => new(ResamplePositions.Nearest(size, outputs, factor ?? 0), $"ResamplePositions.Nearest({Literals.Int(size)}, {Literals.Int(outputs)}, {Literals.Double(factor ?? 0)})");

    public static ResampleAxis Linear(int size, int outputs, double? factor, bool alignCorners)
        => new(ResamplePositions.Linear(size, outputs, factor ?? 0, alignCorners),
            $"ResamplePositions.Linear({Literals.Int(size)}, {Literals.Int(outputs)}, {Literals.Double(factor ?? 0)}, {(alignCorners ? "true" : "false")})");

    /// <summary>The map back: to each input from all outputs that read it.</summary>
    public ResampleAxis Transpose() => new(this);

    /// <summary>Number of what is read.</summary>
    public int Size => _isBack ? _positions.Outputs : _positions.Size;

    /// <summary>Every weight is 1, so that values are only copied or added.</summary>
    public bool IsUnweighted => _form.Value.IsUnweighted;

    /// <summary>Every result is one of the values that are read.</summary>
    public bool IsSelection => IsUnweighted && (!_isBack || IsIdentity);

    public bool IsIdentity => _positions.Outputs == _positions.Size && _form.Value.IsIdentity;

    /// <summary>Where every result is value i / factor, the factor.</summary>
    public int? Factor => !_isBack ? _form.Value.Factor : IsIdentity ? 1 : null;

    /// <summary>Where every result is the sum of the same number of values side by side, that number.</summary>
    public int? Multiple => _isBack && _form.Value.Factor > 1 ? _form.Value.Factor : null;

    /// <summary>The C# expression of its <c>ResampleTable</c>.</summary>
    public string Table => $"ResampleTable.{(_isBack ? "BackOf" : "Of")}({_expression})";

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
