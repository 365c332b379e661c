using System.Collections.Immutable;
using System.Globalization;

namespace NetGen.Conformance.Tests.Model;

/// <summary>Shape of one sample: (channels, height, width), (channels, length) or (features).</summary>
internal readonly struct Shape : IEquatable<Shape>
{
    private readonly ImmutableArray<int> _dimensions;

    public Shape(params IEnumerable<int> dimensions)
    {
        _dimensions = [.. dimensions];
        if (_dimensions.Length is < 1 or > 3 || _dimensions.Any(d => d < 1))
            throw new FormatException($"({string.Join(", ", _dimensions)}) is no shape of a sample.");
        long size = 1;
        foreach (int dimension in _dimensions)
            size = size * dimension <= int.MaxValue ? size * dimension : throw new FormatException($"{this} is too large.");
        Size = (int)size;
    }

    public IReadOnlyList<int> Dimensions => _dimensions;

    public int Rank => _dimensions.Length;

    public bool IsVector => Rank == 1;

    /// <summary>(channels, length).</summary>
    public bool IsSequence => Rank == 2;

    public bool IsImage => Rank == 3;

    public int Features => _dimensions[0];

    public int Channels => _dimensions[0];

    /// <summary>Rows; 1 for a sequence.</summary>
    public int Height => Rank == 2 ? 1 : _dimensions[1];

    /// <summary>Columns; the length of a sequence.</summary>
    public int Width => _dimensions[^1];

    /// <summary>Elements of one channel.</summary>
    public int Plane => Size / Channels;

    public int Size { get; }

    /// <summary>As words have it, e.g. <c>3x8x8</c>.</summary>
    public string Word => string.Join('x', _dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture)));

    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The image or sequence with other extents; a sequence takes the width as its length.</summary>
    public Shape WithExtent(int channels, int height, int width) =>
        Rank == 2 ? new Shape(channels, width) : new Shape(channels, height, width);

    public bool Equals(Shape other) => _dimensions.AsSpan().SequenceEqual(other._dimensions.AsSpan());

    public override bool Equals(object? other) => other is Shape shape && Equals(shape);

    public override int GetHashCode() => _dimensions.Aggregate(Rank, (hash, dimension) => HashCode.Combine(hash, dimension));

    public override string ToString() => "(" + string.Join(", ", _dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture))) + ")";
}
