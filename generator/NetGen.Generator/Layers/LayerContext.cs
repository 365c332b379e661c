using System.Globalization;
using System.Numerics;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>What a layer sees while its output shape is inferred: what precedes it, and a sink for problems.</summary>
/// <param name="problems">Receives every problem; inference goes on after each.</param>
/// <param name="typeName">The layer's kind as the user writes it, e.g. <c>Conv2d</c>.</param>
/// <param name="path">The layer's path, e.g. <c>residual1.conv2</c>.</param>
/// <param name="isInBlock">Messages about shapes then name the path too, since a block meets other shapes at each use.</param>
/// <param name="source">What gives the input, e.g. <c>the preceding Flatten</c>.</param>
/// <param name="flattenedFrom">The feature map whose flattening is the input; unknown if that is not where it comes from.</param>
internal sealed class LayerContext(
    ICollection<Problem> problems, string typeName, string path, bool isInBlock, string source, TensorShape flattenedFrom,
    CancellationToken cancellationToken)
{
    public string TypeName => typeName;

    public string Path => path;

    public string Source => source;

    public TensorShape FlattenedFrom => flattenedFrom;

    /// <summary>The shape that arrives; unknown where no fix could use it.</summary>
    public TensorShape Input { get; init; }

    public ICollection<Problem> Problems => problems;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>
    /// All layers in front of this one, those in blocks too. A block that is checked by itself does not know those around it.
    /// </summary>
    public KnownLayers Known { get; init; } = new(isWhole: true);

    /// <summary>What each of the layer's names means, in the order of <see cref="Layer.Reads"/>; null where it means nothing.</summary>
    public IReadOnlyList<NamedValue?> Named { get; private set; } = [];

    /// <summary>The layer in messages about shapes.</summary>
    public string DisplayName => isInBlock ? $"{typeName} '{path}'" : typeName;

    /// <summary>Finds what the layer's names mean, and reports those that mean nothing.</summary>
    public void Resolve(IReadOnlyList<NamedInput> reads) => Named = reads.Select(Resolve).ToArray();

    private NamedValue? Resolve(NamedInput read)
    {
        if (read.Name is null)
        {
            Report(read.Descriptor, null, DisplayName, read.Missing + read.Choices(Known));
            return null;
        }
        NamedValue? found = Known.Find(path, read.Name, read.Port);
        // A block by itself does not see the layers around it; it is checked again at each use.
        if (found is null && Known.IsWhole)
            ReportUnknown(read);
        return found;
    }

    private void ReportUnknown(NamedInput read)
    {
        string? near = Known.Nearest(path, read.Name!);
        string reason = Known.IsDeclared(path, read.Name!) ? $"'{read.Name}' stands behind it"
            : near is not null ? $"no layer in front of it is called '{read.Name}'; did you mean '{near}'?"
            : $"no layer in front of it is called '{read.Name}'{read.Choices(Known)}";
        ReportName(read.Descriptor, read.Argument, read.Element, near, DisplayName, reason);
    }

    /// <summary>A name that is wrong.</summary>
    /// <param name="near">What was probably meant; null where nothing is near.</param>
    public void ReportName(DiagnosticDescriptor descriptor, string argument, int? element, string? near, params string[] messageArguments)
        => problems.Add(new Problem(descriptor, path, argument, element, messageArguments.ToEquatableArray())
        {
            Fix = ProblemFix.Name(near),
        });

    public void Report(DiagnosticDescriptor descriptor, string? argument, params string[] messageArguments)
        => ReportElement(descriptor, argument, element: null, messageArguments);

    /// <param name="element">Which value of a pair is wrong; null means both.</param>
    public void ReportElement(DiagnosticDescriptor descriptor, string? argument, int? element, params string[] messageArguments)
        => problems.Add(new Problem(descriptor, path, argument, element, messageArguments.ToEquatableArray()) { Fix = FixFor(descriptor) });

    /// <summary>Reports what has a code fix of its own.</summary>
    public void ReportFixable(DiagnosticDescriptor descriptor, string? argument, ProblemFix fix, params string[] messageArguments)
        => problems.Add(new Problem(descriptor, path, argument, null, messageArguments.ToEquatableArray()) { Fix = fix });

    /// <summary>
    /// What a code fix needs. Decided here for all layers, since it follows from the kind of problem and the input alone.
    /// </summary>
    private ProblemFix? FixFor(DiagnosticDescriptor descriptor)
    {
        if (descriptor == DiagnosticDescriptors.FeatureMismatch && (Input.IsVector || Input.IsSequence) && Input.IsComplete)
            return new ProblemFix(FixProperties.Value, FeatureCount(Input.Width, FlattenedFrom));
        return null;
    }

    /// <summary>A number of features as source has it; that of a flattened feature map as a product.</summary>
    public static string FeatureCount(int features, TensorShape flattenedFrom)
        => flattenedFrom.IsUnknown ? Decimal(features) : SpatialProduct(flattenedFrom);

    /// <summary>Reports NG1002: the channels that are written are not those that come.</summary>
    public void ReportChannels(string argument, int expected, TensorShape input)
    {
        string shape = input.InWords;
        // The number of rows is no number of channels to write, where the network's input was declared as other libraries have it: fewer
        // channels than rows and columns, and last.
        bool isLast = input == Known.Input && input.HasChannels && input.IsComplete
            && input.Dimensions[input.Dimensions.Count - 1] == expected
            && input.Dimensions.Take(input.Dimensions.Count - 1).All(extent => extent > expected);
        string ordered = string.Join(", ", input.Dimensions.Take(input.Dimensions.Count - 1).Prepend(expected).Select(Decimal));
        if (isLast)
            shape += $"; channels come first, as in PyTorch: write [Network({ordered})]";
        problems.Add(new Problem(DiagnosticDescriptors.ChannelMismatch, path, argument, Element: null,
            new[] { DisplayName, MessageText.Count(expected, "input channel"), source, MessageText.Number(input.Dimensions[0]),
                shape }.ToEquatableArray())
        {
            Fix = isLast
                ? new ProblemFix(FixProperties.InputShape, ordered) : new ProblemFix(FixProperties.Value, Decimal(input.Dimensions[0])),
        });
    }

    /// <summary>What else a window that does not fit may come from; null for nothing.</summary>
    public string? WindowHint { get; set; }

    /// <summary>Reports NG1003: a window larger than its input.</summary>
    public void ReportWindow(int? element, TensorShape input, string window, string padded, string sum, string explanation)
    {
        // Dimensions in another order have been reported, if the channels tell of it too.
        if (problems.Any(problem => problem.Path == path && problem.Fix?.Key == FixProperties.InputShape))
            return;
        string? ordered = input == Known.Input ? ChannelsFirst(input) : null;
        string hint = ordered is not null ? $"; channels come first, as in PyTorch: write [Network({ordered})]"
            : WindowHint is not null ? "; " + WindowHint : "";
        problems.Add(new Problem(DiagnosticDescriptors.WindowTooLarge, path, "kernelSize", element,
            new[] { DisplayName, window, padded, sum, source, input.InWords, explanation + hint }.ToEquatableArray())
        {
            Fix = ordered is null ? null : new ProblemFix(FixProperties.InputShape, ordered),
        });
    }

    /// <summary>
    /// The dimensions of an image with the channels in front, where they look as if they stood last: 1, 3 or 4 of them behind a height and
    /// a width of an image. Null for any other shape.
    /// </summary>
    public static string? ChannelsFirst(TensorShape input)
    {
        if (!input.IsImage || !input.IsComplete || input.Width is not (1 or 3 or 4) || Math.Min(input.Channels, input.Height) < 8)
            return null;
        bool isSquare = input.Channels == input.Height, isLarge = input.Width > 1 && Math.Min(input.Channels, input.Height) >= 32;
        return isSquare || isLarge ? string.Join(", ", new[] { input.Width, input.Channels, input.Height }.Select(Decimal)) : null;
    }

    /// <summary>Reports NG1009; what was meant in per cent can be written as a fraction.</summary>
    public void ReportProbability(float value, string argument)
        => problems.Add(new Problem(DiagnosticDescriptors.ProbabilityOutOfRange, path, argument, Element: null,
            new[] { typeName, MessageText.Fraction(value), IsPerCent(value) ? $"; for {MessageText.Fraction(value)} per cent write "
                + Share(value) : "" }.ToEquatableArray())
        {
            Fix = IsPerCent(value) ? new ProblemFix(FixProperties.Value, Share(value)) : null,
        });

    private static bool IsPerCent(float value) => value is >= 5 and <= 100 && value == Math.Floor(value);

    private static string Share(float percent) => ((decimal)percent / 100).ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>The size of a flattened feature map as PyTorch's users write it: height, width, channels. <c>7 * 7 * 64</c>.</summary>
    private static string SpatialProduct(TensorShape shape)
    {
        IEnumerable<int> spatial = shape.Dimensions.Skip(1);
        // Behind a global pooling, 1 * 1 * 512 says less than 512.
        return string.Join(" * ",
            spatial.All(size => size == 1) ? new[] { Decimal(shape.Channels) } : spatial.Append(shape.Channels).Select(Decimal));
    }

    /// <summary>A number as C# source has it.</summary>
    private static string Decimal(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reports NG1005 if the value is below 1.</summary>
    /// <returns>The value, or 0, an unknown size, if it is wrong.</returns>
    public int RequireAtLeastOne(int value, string argument, string description)
    {
        if (value >= 1)
            return value;
        Report(DiagnosticDescriptors.SizeBelowOne, argument, typeName, description, MessageText.Number(value));
        return 0;
    }

    /// <summary>Reports NG1005 if either value is below 1.</summary>
    public bool RequireAtLeastOne(Pair pair, string argument, string description)
    {
        if (pair.Height >= 1 && pair.Width >= 1)
            return true;
        ReportElement(DiagnosticDescriptors.SizeBelowOne, argument,
            OnlyOne(pair.Height < 1, pair.Width < 1), typeName, description, PairText(pair));
        return false;
    }

    /// <summary>Reports NG1074 if a constant is NaN or infinite as a float.</summary>
    public bool RequireFinite(float value, string argument)
    {
        if (!float.IsNaN(value) && !float.IsInfinity(value))
            return true;
        Report(DiagnosticDescriptors.ConstantOutOfRange, argument, DisplayName, argument, "a finite number", MessageText.Fraction(value));
        return false;
    }

    /// <summary>Reports NG1004 if the input is known not to be a feature map.</summary>
    /// <returns>The input if it is a feature map, otherwise a feature map of unknown sizes.</returns>
    public TensorShape RequireFeatureMap(TensorShape input)
    {
        if (input.IsImage)
            return input;
        if (!input.IsUnknown)
        {
            // The mistake is where the image was lost.
            bool isFlattened = FlattenedFrom.IsImage && source.EndsWith(" Flatten", StringComparison.Ordinal);
            string? twin = isFlattened ? null : Twin(input), image = isInBlock || input != Known.Input ? null : SquareImage(input);
            ReportRank("a feature map (channels, height, width)", input,
                isFlattened ? $"put Flatten behind it, where a layer of vectors needs it: in front of it there is {FlattenedFrom.InWords}"
                : twin is not null ? $"write {twin}, or give it a feature map"
                : image is not null ? $"write [Network({image})]"
                : input.IsSequence ? "give the network an input of (channels, height, width), or take the layer for sequences"
                : "put it before Flatten, or give the network an input of (channels, height, width)",
                isFlattened && !isInBlock ? new ProblemFix(FixProperties.MoveFlatten, "Flatten")
                : twin is not null ? new ProblemFix(FixProperties.LayerName, twin)
                : image is not null ? new ProblemFix(FixProperties.InputShape, image) : null);
            Known.ImageIsGuess = true;
        }
        return TensorShape.Image(0, 0, 0);
    }

    /// <summary>The square image, grey or coloured, that has as many elements as a vector; null where there is none.</summary>
    private static string? SquareImage(TensorShape vector)
    {
        foreach (int channels in vector.IsVector && vector.IsComplete ? [1, 3] : Array.Empty<int>())
        {
            int side = (int)Math.Round(Math.Sqrt(vector.Size / (double)channels));
            if (side >= 8 && (long)channels * side * side == vector.Size)
                return $"{Decimal(channels)}, {Decimal(side)}, {Decimal(side)}";
        }
        return null;
    }

    /// <summary>The same layer, with the same arguments, for an input of other dimensions; null where there is none.</summary>
    private string? Twin(TensorShape input)
    {
        string kind = typeName.Substring(0, typeName.Length - 2);
        if (input.IsVector)
            return typeName == "BatchNorm2d" ? "BatchNorm1d" : typeName == "Dropout2d" ? "Dropout" : null;
        string other = kind + (input.IsSequence ? "1d" : "2d");
        return other != typeName && kind is "Conv" or "MaxPool" or "AvgPool" or "BatchNorm" or "InstanceNorm" or "AdaptiveAvgPool"
            or "AdaptiveMaxPool" ? other : null;
    }

    private void ReportRank(string expected, TensorShape input, string hint, ProblemFix? fix)
        => problems.Add(new Problem(DiagnosticDescriptors.WrongRank, path, Argument: null, Element: null,
            new[] { DisplayName, expected, source, input.InWords, hint }.ToEquatableArray())
        {
            Fix = fix,
        });

    /// <summary>Reports NG1004 if the input is known not to be a sequence.</summary>
    /// <returns>The input if it is a sequence, otherwise a sequence of unknown sizes.</returns>
    public TensorShape RequireSequence(TensorShape input)
    {
        if (input.IsSequence)
            return input;
        if (!input.IsUnknown)
        {
            string? twin = Twin(input);
            ReportRank("a sequence (channels, length)", input,
                twin is not null ? $"write {twin}, or give it a sequence" : "give the network an input of (channels, length)",
                twin is null ? null : new ProblemFix(FixProperties.LayerName, twin));
            Known.ImageIsGuess = true;
        }
        return TensorShape.Sequence(0, 0);
    }

    /// <summary>The features of a sequence in a message, e.g. <c>48 at each of 64 positions (the sequence (64, 48))</c>.</summary>
    public static string FeaturesOfPositions(TensorShape sequence)
        => $"{MessageText.Number(sequence.Width)} at each of {MessageText.Count(sequence.Channels, "position")} ({sequence.InWords})";

    /// <summary>Reports NG1004 if the input is known not to be a sequence of positions, each of which has features.</summary>
    /// <param name="hint">What to do about it; null for what is usual.</param>
    /// <returns>The input if it is one, otherwise a sequence of unknown sizes.</returns>
    public TensorShape RequirePositions(TensorShape input, string? hint = null)
    {
        if (input.IsSequence)
            return input;
        if (!input.IsUnknown)
        {
            hint ??= input.IsVector ? "put it where the positions are still there, or give the network an input of (positions, features)"
                : "bring the positions into one dimension with Flatten(1, 2), or Reshape, in front of it";
            Report(DiagnosticDescriptors.WrongRank, null, DisplayName, "a sequence (positions, features)", source, input.InWords, hint);
        }
        return TensorShape.Sequence(0, 0);
    }

    /// <summary>Reports NG1004 if the input is known not to be a vector.</summary>
    /// <returns>The input if it is a vector, otherwise a vector of unknown size.</returns>
    public TensorShape RequireVector(TensorShape input, string? argument = null)
    {
        if (input.IsVector)
            return input;
        if (!input.IsUnknown && !Known.ImageIsGuess)
        {
            problems.Add(new Problem(DiagnosticDescriptors.WrongRank, path, argument, Element: null,
                new[] { DisplayName, "a vector of features", source, input.InWords, FlattenHint(input) }.ToEquatableArray())
            {
                Fix = FlattenFix,
            });
        }
        return TensorShape.Vector(0);
    }

    /// <summary>Reports NG1011 if the shape has more elements than 32 bits count.</summary>
    /// <returns>The shape, or one of the same rank and unknown sizes.</returns>
    public TensorShape RequireCountable(TensorShape shape)
    {
        if (!shape.IsComplete || ElementCount(shape) <= int.MaxValue)
            return shape;
        Report(DiagnosticDescriptors.TooLarge, null, $"The output of {DisplayName} for one sample is too large", shape.Product,
            $"{MessageText.Number(ElementCount(shape))} values", MessageText.Number(int.MaxValue));
        return new TensorShape(shape.Dimensions.Select(_ => 0).ToEquatableArray());
    }

    public static BigInteger ElementCount(TensorShape shape)
        => shape.Dimensions.Aggregate(BigInteger.One, (product, dimension) => product * dimension);

    public static ProblemFix FlattenFix { get; } = new(FixProperties.InsertBefore, "Flatten");

    /// <summary>What to do about a feature map where a vector is expected.</summary>
    public static string FlattenHint(TensorShape input)
        => input.IsComplete ? $"put Flatten in front of it ({input.Product} = {MessageText.Number(ElementCount(input))} features)"
            : "put Flatten in front of it";

    /// <summary>The index of the value that is wrong; null if both are.</summary>
    public static int? OnlyOne(bool heightIsWrong, bool widthIsWrong) => heightIsWrong && widthIsWrong ? null : heightIsWrong ? 0 : 1;

    public static string PairText(Pair pair) => pair.Height == pair.Width
        ? MessageText.Number(pair.Height)
        : $"({MessageText.Number(pair.Height)}, {MessageText.Number(pair.Width)})";
}
