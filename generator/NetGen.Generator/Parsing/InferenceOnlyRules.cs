using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Parsing;

/// <summary>Holds a network with [InferenceOnly] to it: what it declares must not be for training.</summary>
internal sealed class InferenceOnlyRules
{
    private readonly INamedTypeSymbol _type;
    private readonly Location? _place;

    public InferenceOnlyRules(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        _type = type;
        AttributeData? attribute = Symbols.FindAttribute(type, Symbols.InferenceOnlyAttribute);
        IsAsked = attribute is not null;
        Weights = FormatOf(attribute);
        _place = Symbols.PlaceOf(attribute, type, cancellationToken);
    }

    /// <summary>Nothing of training is to be written.</summary>
    public bool IsAsked { get; }

    /// <summary>How weights are to be kept.</summary>
    public WeightFormat Weights { get; }

    /// <summary>The same of any class; what does not compile counts for nothing.</summary>
    public static WeightFormat WeightsOf(INamedTypeSymbol type) => FormatOf(Symbols.FindAttribute(type, Symbols.InferenceOnlyAttribute));

    /// <summary>Reports losses, and parts that would keep their weights otherwise than the network.</summary>
    public void Check(ReadStack stack, Action<Diagnostic> report)
    {
        if (!IsAsked)
            return;
        if (stack.Losses.Count > 0)
        {
            report(Diagnostic.Create(
                DiagnosticDescriptors.LossOfInferenceOnly, _place, _type.Name, LossRegistry.For(stack.Losses[0]).Title(stack.Losses[0])));
        }
        if (Weights != WeightFormat.Float32 && stack.Layers.OfType<PartSpec>().FirstOrDefault() is { } part)
            report(Diagnostic.Create(DiagnosticDescriptors.WeightsOfPart, _place, _type.Name, Weights, part.Title));
    }

    private static WeightFormat FormatOf(AttributeData? attribute)
        => attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == "Weights").Value is
            { Kind: TypedConstantKind.Enum, Value: (int)WeightFormat.BFloat16 } ? WeightFormat.BFloat16 : WeightFormat.Float32;
}
