using System.Globalization;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Shapes;

/// <summary>Shape of one sample: (channels, height, width) or (features).</summary>
internal readonly record struct TensorShape(EquatableArray<int> Dimensions)
{
    public static TensorShape Vector(int features) => new(new[] { features }.ToEquatableArray());

    public static TensorShape Image(int channels, int height, int width) => new(new[] { channels, height, width }.ToEquatableArray());

    public int Rank => Dimensions.Count;

    public bool IsVector => Rank == 1;

    public bool IsImage => Rank == 3;

    public int Features => Dimensions[0];

    public int Channels => Dimensions[0];

    public int Height => Dimensions[1];

    public int Width => Dimensions[2];

    /// <summary>Number of elements of one sample.</summary>
    public int Size
    {
        get
        {
            int size = 1;
            foreach (int dimension in Dimensions)
                size *= dimension;
            return size;
        }
    }

    /// <summary>E.g. <c>64 × 7 × 7</c>, for messages.</summary>
    public string Product => string.Join(" × ", Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture)));

    /// <summary>E.g. <c>(64, 7, 7)</c>.</summary>
    public override string ToString() => "(" + string.Join(", ", Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture))) + ")";
}
