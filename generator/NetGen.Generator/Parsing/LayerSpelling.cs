using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

/// <summary>What was meant by the name of an attribute that is not there.</summary>
/// <param name="Name">The layer or loss, e.g. <c>BatchNorm2d</c>.</param>
/// <param name="Text">What to write for it, with arguments where it needs some that the other has not: <c>AdaptiveAvgPool2d(1)</c>.</param>
/// <param name="IsLoss">It is a loss.</param>
internal sealed record MeantLayer(string Name, string Text, bool IsLoss)
{
    /// <summary>Full metadata name of its attribute.</summary>
    public string MetadataName => $"NetGen.{Name}Attribute";
}

/// <summary>Finds the layer or loss that is called otherwise elsewhere, or is misspelt.</summary>
internal static class LayerSpelling
{
    private const string Suffix = "Attribute", Rank = "?";

    /// <summary>
    /// Names of Keras, ML.NET and everyday speech; ? stands for the number of dimensions, where a name does not tell.
    /// </summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Dense"] = "Linear", ["FullyConnected"] = "Linear", ["FC"] = "Linear", ["Affine"] = "Linear",
        ["Convolution2D"] = "Conv2d", ["Convolution1D"] = "Conv1d", ["Convolution"] = "Conv?d", ["Conv"] = "Conv?d",
        ["Conv2DTranspose"] = "ConvTranspose2d", ["ConvTranspose"] = "ConvTranspose2d", ["Deconv2d"] = "ConvTranspose2d",
        ["MaxPooling2D"] = "MaxPool2d", ["MaxPooling1D"] = "MaxPool1d", ["MaxPooling"] = "MaxPool?d", ["MaxPool"] = "MaxPool?d",
        ["AveragePooling2D"] = "AvgPool2d", ["AveragePooling1D"] = "AvgPool1d", ["AvgPooling2D"] = "AvgPool2d",
        ["AveragePool2d"] = "AvgPool2d", ["AvgPool"] = "AvgPool?d", ["AveragePooling"] = "AvgPool?d",
        ["GlobalAveragePooling2D"] = "AdaptiveAvgPool2d(1)", ["GlobalAvgPool2d"] = "AdaptiveAvgPool2d(1)",
        ["GlobalAveragePooling1D"] = "AdaptiveAvgPool1d(1)", ["GlobalAvgPool"] = "AdaptiveAvgPool2d(1)",
        ["GlobalMaxPooling2D"] = "AdaptiveMaxPool2d(1)", ["GlobalMaxPool2d"] = "AdaptiveMaxPool2d(1)",
        ["GlobalMaxPooling1D"] = "AdaptiveMaxPool1d(1)",
        ["BatchNormalization"] = "BatchNorm?d", ["BatchNormalisation"] = "BatchNorm?d", ["BatchNorm"] = "BatchNorm?d",
        ["InstanceNorm"] = "InstanceNorm?d", ["InstanceNormalization"] = "InstanceNorm?d",
        ["LayerNormalization"] = "LayerNorm", ["GroupNormalization"] = "GroupNorm", ["RMSNormalization"] = "RMSNorm",
        ["SpatialDropout2D"] = "Dropout2d", ["Swish"] = "SiLU", ["Logistic"] = "Sigmoid", ["HardSwish"] = "Hardswish",
        ["UpSampling2D"] = "Upsample", ["ZeroPadding2D"] = "ZeroPad2d", ["SimpleRNN"] = "RNN",
        ["Concatenate"] = "Concat", ["Cat"] = "Concat", ["Multiply"] = "Mul", ["Subtract"] = "Sub", ["Divide"] = "Div",
        ["CrossEntropy"] = "CrossEntropyLoss", ["CategoricalCrossentropy"] = "CrossEntropyLoss",
        ["SparseCategoricalCrossentropy"] = "CrossEntropyLoss", ["SoftmaxCrossEntropy"] = "CrossEntropyLoss",
        ["SoftmaxCrossEntropyLoss"] = "CrossEntropyLoss", ["SoftmaxLoss"] = "CrossEntropyLoss",
        ["BinaryCrossentropy"] = "BCELoss", ["BinaryCrossentropyLoss"] = "BCELoss", ["BCE"] = "BCELoss",
        ["BCEWithLogits"] = "BCEWithLogitsLoss", ["MSE"] = "MSELoss", ["MeanSquaredError"] = "MSELoss", ["L2Loss"] = "MSELoss",
        ["SquaredLoss"] = "MSELoss", ["MAE"] = "L1Loss", ["MAELoss"] = "L1Loss", ["MeanAbsoluteError"] = "L1Loss",
        ["Huber"] = "HuberLoss", ["SmoothL1"] = "SmoothL1Loss", ["NLL"] = "NLLLoss", ["NegativeLogLikelihood"] = "NLLLoss",
        ["KLDivergence"] = "KLDivLoss", ["KLDiv"] = "KLDivLoss", ["TripletLoss"] = "TripletMarginLoss",
    };

    /// <summary>The short names of all attributes, by their number of type arguments.</summary>
    private static readonly ILookup<int, string> Names = LayerRegistry.All.SelectMany(layer => layer.AttributeNames)
        .Concat(LossRegistry.All.Select(loss => loss.AttributeName))
        .Select(name => (Arity: name.IndexOf('`') < 0 ? 0 : name[name.IndexOf('`') + 1] - '0', Name: Short(name)))
        .ToLookup(pair => pair.Arity, pair => pair.Name);

    private static readonly HashSet<string> AllNames = new(Names.SelectMany(group => group), StringComparer.Ordinal);

    /// <summary>A layer or loss has this name.</summary>
    public static bool IsKnown(string name) => AllNames.Contains(WithoutSuffix(name));

    /// <summary>The name of an attribute without namespace and type arguments; null where it is written otherwise.</summary>
    public static SimpleNameSyntax? SimpleName(AttributeSyntax attribute) => attribute.Name switch
    {
        SimpleNameSyntax simple => simple,
        QualifiedNameSyntax qualified => qualified.Right,
        AliasQualifiedNameSyntax aliased => aliased.Name,
        _ => null,
    };

    /// <summary>What was meant; null where nothing is near enough.</summary>
    /// <param name="isVector">What comes there is a vector, by what stands in front.</param>
    public static MeantLayer? Find(AttributeSyntax attribute, bool isVector)
    {
        if (SimpleName(attribute) is not { } written)
            return null;
        string name = WithoutSuffix(written.Identifier.ValueText);
        string? text = null;
        if (written.Arity == 0 && Others.TryGetValue(name, out string? other))
            text = other.Replace(Rank, isVector ? "1" : "2");
        text ??= Nearest(name, Names[written.Arity]);
        if (text is null)
            return null;
        int parenthesis = text.IndexOf('(');
        string meant = parenthesis < 0 ? text : text.Substring(0, parenthesis);
        // Who gives arguments to a layer that needs other ones has something in mind that nobody can guess.
        return new MeantLayer(meant, attribute.ArgumentList is { Arguments.Count: > 0 } ? meant : text,
            LossRegistry.FindByAttribute($"NetGen.{meant}{Suffix}") is not null);
    }

    /// <summary>The nearest name whatever its capital letters are.</summary>
    private static string? Nearest(string name, IEnumerable<string> names)
    {
        string lower = name.ToLowerInvariant();
        List<string> all = [.. names.Distinct().OrderBy(known => known, StringComparer.Ordinal)];
        string? near = EditDistance.Nearest(lower, all.Select(known => known.ToLowerInvariant()));
        return near is null ? null : all.Find(known => known.ToLowerInvariant() == near);
    }

    private static string WithoutSuffix(string name)
        => name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name.Substring(0, name.Length - Suffix.Length)
            : name;

    private static string Short(string metadataName)
    {
        string name = metadataName.Substring(metadataName.LastIndexOf('.') + 1);
        return WithoutSuffix(name.IndexOf('`') is int arity and >= 0 ? name.Substring(0, arity) : name);
    }
}
