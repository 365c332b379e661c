using System.Globalization;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Shapes;

/// <summary>Shape of one sample, (channels, height, width), (channels, length) or (features), and the type of its elements.</summary>
/// <remarks>
/// While errors are being collected a shape may be known in part: a dimension of 0 is hidden by an error that has been
/// reported, and a shape of rank 0 is wholly unknown. What is unknown is never checked, so that one mistake gives one
/// message. A network without errors has complete shapes only.
/// </remarks>
internal readonly record struct TensorShape(EquatableArray<int> Dimensions)
{
    /// <summary>A shape that is made anew has floats.</summary>
    public ElementType Elements { get; init; }

    /// <summary>
    /// The run-time length that the first dimension has, by the name of the input that brings it: the dimension is the most that it can
    /// be. Null where every dimension is a constant.
    /// </summary>
    public string? Axis { get; init; }

    /// <summary>How many positions a sample has is known at run time only.</summary>
    public bool HasLengths => Axis is not null;

    public static TensorShape Vector(int features) => new(new[] { features }.ToEquatableArray());

    public static TensorShape Image(int channels, int height, int width) => new(new[] { channels, height, width }.ToEquatableArray());

    public static TensorShape Sequence(int channels, int length) => new(new[] { channels, length }.ToEquatableArray());

    /// <summary>Nothing is known, because of an error that has been reported.</summary>
    public static TensorShape Unknown => default;

    public int Rank => Dimensions.Count;

    /// <summary>Rank and every dimension are known.</summary>
    public bool IsComplete
    {
        get
        {
            foreach (int dimension in Dimensions)
            {
                if (dimension == 0)
                    return false;
            }
            return Rank > 0;
        }
    }

    public bool IsUnknown => Rank == 0;

    public bool IsVector => Rank == 1;

    public bool IsImage => Rank == 3;

    /// <summary>(channels, length): in memory an image of one row.</summary>
    public bool IsSequence => Rank == 2;

    public bool IsInts => Elements == ElementType.Int;

    /// <summary>Channels over an extent in space: an image or a sequence. Ints are rows, whatever their shape.</summary>
    public bool HasChannels => Rank is 2 or 3 && !IsInts;

    public int Features => Dimensions[0];

    public int Channels => Dimensions[0];

    /// <summary>Rows; 1 for a sequence.</summary>
    public int Height => Rank == 2 ? 1 : Dimensions[1];

    /// <summary>Columns; the length of a sequence, or the features of each of its positions; those of a vector.</summary>
    public int Width => Dimensions[Rank - 1];

    /// <summary>The image or sequence with other extents; a sequence takes the width as its length.</summary>
    public TensorShape WithExtent(int channels, int height, int width)
        => Rank == 2 ? Sequence(channels, width) : Image(channels, height, width);

    /// <summary>The same dimensions but for the last.</summary>
    public TensorShape WithLast(int features)
        => new(Dimensions.Take(Rank - 1).Append(features).ToEquatableArray()) { Axis = Rank > 1 ? Axis : null };

    /// <summary>What one position of a sample has.</summary>
    public TensorShape OfPosition
        => new((Rank == 1 ? [1] : Dimensions.Skip(1).ToArray()).ToEquatableArray()) { Elements = Elements };

    /// <summary>Number of elements of one sample; 0 where a dimension is unknown.</summary>
    public int Size
    {
        get
        {
            if (!IsComplete)
                return 0;
            int size = 1;
            foreach (int dimension in Dimensions)
                size = checked(size * dimension);
            return size;
        }
    }

    /// <summary>E.g. <c>64 × 7 × 7</c>, for messages.</summary>
    public string Product => string.Join(" × ", Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture)));

    /// <summary>
    /// For messages, e.g. <c>the vector (128)</c>, <c>the sequence (100, 20)</c>, <c>the feature map (64, 7, 7)</c>, <c>ints (64)</c>;
    /// unknown sizes as <c>?</c>.
    /// </summary>
    public string InWords
    {
        get
        {
            string sizes = "(" + (HasLengths ? "up to " : "")
                + string.Join(", ", Dimensions.Select(d => d == 0 ? "?" : MessageText.Number(d))) + ")";
            return (IsInts ? "ints " : IsVector ? "the vector " : IsSequence ? "the sequence " : "the feature map ") + sizes;
        }
    }

    /// <summary>E.g. <c>(64, 7, 7)</c>, or <c>(≤ 64, 100)</c> where the length is known at run time only.</summary>
    public override string ToString() => (HasLengths ? "(≤ " : "(") + string.Join(", ", Dimensions.Select(d => d.ToString(CultureInfo.InvariantCulture))) + ")";
}
