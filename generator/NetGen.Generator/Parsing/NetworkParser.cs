using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emit;
using NetGen.Generator.Inference;
using NetGen.Generator.Layers;
using NetGen.Generator.Reading;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

/// <summary>From a class marked [Network] to its specification and diagnostics.</summary>
internal static class NetworkParser
{
    /// <returns>Null if the class is not for NetGen to compile, because the compiler refuses the attribute there.</returns>
    public static ParsedNetwork? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        if (context.TargetSymbol is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } type
            || context.TargetNode is not TypeDeclarationSyntax declaration)
            return null;
        // Where two declarations of one class carry the attribute, which the compiler reports, Roslyn calls for each of them and
        // gives the attributes of both. Only the first counts: two files of one name would end the generator.
        AttributeData network = context.Attributes[0];
        if (network.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not AttributeSyntax syntax
            || syntax.Parent?.Parent != declaration)
            return null;

        var diagnostics = new List<Diagnostic>();
        var map = new SourceMap();
        var networkSyntax = new AttributeSyntaxMap(syntax, network.AttributeConstructor);
        map.Add(ProblemPlace.Network, networkSyntax);

        EquatableArray<int>? given = NetworkType.ShapeOf(network);
        var reader = new StackReader(context.SemanticModel.Compilation, map, diagnostics.Add, cancellationToken);
        ReadStack stack = reader.Read(type, isBlock: false, given?.Count ?? 0);
        var stream = new StreamRules(type, cancellationToken);
        var inferenceOnly = new InferenceOnlyRules(type, cancellationToken);
        inferenceOnly.Check(stack, diagnostics.Add);
        HashSet<string> generated = GeneratedMembers.Of(
            stack.Layers.SelectMany(layer => layer.Named).Where(LayerRegistry.HasParameters).Select(layer => layer.PropertyName),
            stream.IsAsked);
        var rules = new ClassRules(type, declaration, context.SemanticModel.Compilation, diagnostics.Add);
        rules.Check(generated);
        ProjectRules.Check(context.SemanticModel.Compilation, type.Name, syntax.GetLocation(), diagnostics.Add);

        bool inputIsReadable = given is not null;
        if (!inputIsReadable)
        {
            new ConstantRules("Network", network.AttributeClass!, new SemanticModels(context.SemanticModel.Compilation), diagnostics.Add,
                cancellationToken).Check(syntax);
        }
        EquatableArray<int> inputShape = given ?? EquatableArray<int>.Empty;
        var spec = new NetworkSpec(
            Namespace(type), ContainingTypes(declaration), Identifiers.Escape(type.Name), Modifiers(type), inputShape, stack.Layers,
            stack.Losses,
            ProjectRules.ReadTarget(context.SemanticModel.Compilation))
        {
            Initializers = reader.Initializers,
            HasStream = stream.IsAsked,
            IsInferenceOnly = inferenceOnly.IsAsked,
            Weights = inferenceOnly.Weights,
            Inherited = rules.Inherited,
            HintSuffix = HintNames.SuffixFor(type, context.SemanticModel.Compilation) + HintNames.KindOf(type),
        };

        InferenceResult inference = ShapeInference.Infer(spec, cancellationToken);
        // Where the order of the layers or the input does not compile, shapes would be guesses.
        if (stack.IsOrdered && inputIsReadable)
            diagnostics.AddRange(inference.Problems.Select(map.ToDiagnostic));
        bool isComplete = stack.IsOrdered && inputIsReadable && !inference.HasErrors && !ContainsUnreadable(stack.Layers);
        if (isComplete)
            stream.Check(inference.Network, problem => diagnostics.Add(map.ToDiagnostic(problem)), diagnostics.Add);
        if (isComplete && !diagnostics.Exists(diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error)
            && SizeLimitException.IsNear(inference.Network))
            CheckSizes(inference.Network, problem => diagnostics.Add(map.ToDiagnostic(problem)));
        if (rules.CanBeExtended)
        {
            // A property that is called as its type hides nothing: C# finds the type where one is meant.
            IEnumerable<string> alike =
                stack.Layers.OfType<PartSpec>().Where(part => part.IsCalledAsItsType).Select(part => part.PropertyName);
            var hidden = new HiddenNames(
                type, [.. generated.Except(alike)], context.SemanticModel.Compilation, diagnostics.Add, cancellationToken);
            rules.CollidingMembers.AddRange(hidden.Check(() => ErrorStub.Emit(Stub(spec, type, inference, rules)).Source));
        }
        var budget = new BudgetRules(type, diagnostics.Add, cancellationToken);

        bool hasErrors = !inputIsReadable || inference.HasErrors
            || diagnostics.Any(diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error);
        NetworkSource? source = !hasErrors && TryWithoutUnresolved(spec, cancellationToken) is NetworkSpec sound
            ? new NetworkSource(sound, Stub: null)
            : rules.CanBeExtended ? new NetworkSource(Network: null, Stub(spec, type, inference, rules))
            : null;
        // A network above its budget is generated all the same: its summary shows where the figures come from, and the error ends the
        // build.
        if (isComplete)
        {
            budget.Check(inference.Network);
            ShapeNotes.Add(inference.Network, map, context.SemanticModel.Compilation, syntax.SyntaxTree, diagnostics, cancellationToken);
        }
        if (type.IsValueType)
            diagnostics.RemoveAll(diagnostic => diagnostic.Id != DiagnosticDescriptors.UnsupportedClass.Id);
        return new ParsedNetwork(source, InOrder(diagnostics), reader.Misspelt)
        {
            Layers = source?.Network is null ? EquatableArray<LayerPlace>.Empty : CudaRules.PlacesOf(inference.Network, map),
        };
    }

    /// <summary>NG1011 for what only the passes know to be too large.</summary>
    private static void CheckSizes(InferredNetwork network, Action<Problem> report)
    {
        try
        {
            NetworkPlan.Create(network, divideFrom: null);
        }
        catch (SizeLimitException tooLarge)
        {
            report(tooLarge.ToProblem(network));
        }
    }

    /// <summary>The diagnostics of a class marked [Block], so that one which no network uses yet is checked too.</summary>
    public static CheckedBlock CheckBlock(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        if (context.TargetSymbol is not INamedTypeSymbol { TypeKind: TypeKind.Class } type)
            return new CheckedBlock(EquatableArray<Diagnostic>.Empty, EquatableArray<MisspeltAttribute>.Empty);
        var diagnostics = new List<Diagnostic>();
        var map = new SourceMap();
        var reader = new StackReader(context.SemanticModel.Compilation, map, diagnostics.Add, cancellationToken);
        ReadStack stack = reader.Read(type, isBlock: true);
        if (stack.IsOrdered)
            diagnostics.AddRange(ShapeInference.CheckBlock(stack.Layers, cancellationToken).Select(map.ToDiagnostic));
        return new CheckedBlock(InOrder(diagnostics), reader.Misspelt);
    }

    /// <summary>NG2028: a class whose layers lack [Network]. Code that uses it as a network binds all the same.</summary>
    public static ParsedNetwork ParseForgotten(ForgottenNetwork forgotten, Compilation compilation, CancellationToken cancellationToken)
    {
        INamedTypeSymbol type = forgotten.Type;
        // What else is wrong can be said when the dimensions are known.
        static void Ignore(Diagnostic diagnostic)
        {
        }
        var reader = new StackReader(compilation, new SourceMap(), Ignore, cancellationToken);
        ReadStack stack = reader.Read(type, isBlock: false);
        HashSet<string> generated = GeneratedMembers.Of(
            stack.Layers.SelectMany(layer => layer.Named).Where(LayerRegistry.HasParameters).Select(layer => layer.PropertyName), false);
        var rules = new ClassRules(type, forgotten.Declaration, compilation, Ignore);
        rules.Check(generated);
        var spec = new NetworkSpec(
            Namespace(type), ContainingTypes(forgotten.Declaration), Identifiers.Escape(type.Name), Modifiers(type),
            EquatableArray<int>.Empty, stack.Layers, stack.Losses, ProjectRules.ReadTarget(compilation))
        {
            Inherited = rules.Inherited,
            HintSuffix = HintNames.SuffixFor(type, compilation) + "-forgotten",
        };
        NetworkSource? source = rules.CanBeExtended
            ? new NetworkSource(Network: null, Stub(spec, type, ShapeInference.Infer(spec, cancellationToken), rules)) : null;
        return new ParsedNetwork(source, new[] { forgotten.ToDiagnostic(stack) }.ToEquatableArray(), reader.Misspelt);
    }

    private static string Namespace(INamedTypeSymbol type)
    {
        var names = new List<string>();
        for (INamespaceSymbol space = type.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
            names.Insert(0, Identifiers.Escape(space.Name));
        return string.Join(".", names);
    }

    private static EquatableArray<ContainingTypeSpec> ContainingTypes(TypeDeclarationSyntax declaration)
    {
        var types = new List<ContainingTypeSpec>();
        for (SyntaxNode? outer = declaration.Parent; outer is TypeDeclarationSyntax containing; outer = outer.Parent)
            types.Insert(0, new ContainingTypeSpec(Reopen(containing)));
        return types.ToEquatableArray();
    }

    private static string Reopen(TypeDeclarationSyntax declaration)
        => $"partial {Keyword(declaration)} {Identifiers.Escape(declaration.Identifier.ValueText)}{TypeParameters(declaration)}";

    private static string Keyword(TypeDeclarationSyntax declaration)
        => declaration is RecordDeclarationSyntax { ClassOrStructKeyword.ValueText.Length: > 0 } record
            ? $"{record.Keyword.ValueText} {record.ClassOrStructKeyword.ValueText}"
            : declaration.Keyword.ValueText;

    /// <summary>Only stubs need them, since a generic network is refused.</summary>
    private static string TypeParameters(TypeDeclarationSyntax declaration)
        => declaration.TypeParameterList is null
            ? ""
            : $"<{string.Join(",", declaration.TypeParameterList.Parameters.Select(one => Identifiers.Escape(one.Identifier.ValueText)))}>";

    private static string Modifiers(INamedTypeSymbol type)
    {
        string accessibility = SyntaxFacts.GetText(type.DeclaredAccessibility);
        return type.IsSealed ? accessibility + " sealed" : accessibility;
    }

    private static StubSpec Stub(NetworkSpec spec, INamedTypeSymbol type, InferenceResult inference, ClassRules rules)
    {
        var declaration = (TypeDeclarationSyntax)type.DeclaringSyntaxReferences[0].GetSyntax();
        return new StubSpec(
            spec,
            Reopen(declaration),
            PortExtents.Of(inference.Network.Inputs, InferredPort.Input),
            PortExtents.Of(inference.Network.Outputs, InferredPort.Output),
            rules.CollidingMembers.Distinct().ToEquatableArray(),
            rules.CanHaveConstructors,
            rules.BaseCall);
    }

    /// <summary>
    /// The network without the attributes that do not resolve. To the checks they may be misspelt layers; but if another source
    /// generator writes such an attribute, which this one cannot see, the build succeeds and the network must be there.
    /// </summary>
    /// <returns>Null if a layer itself could not be read, or if the network is not sound without the attributes.</returns>
    private static NetworkSpec? TryWithoutUnresolved(NetworkSpec spec, CancellationToken cancellationToken)
    {
        if (!ContainsUnreadable(spec.Layers))
            return spec;
        NetworkSpec stripped = spec with { Layers = Strip(spec.Layers) };
        return ContainsUnreadable(stripped.Layers) || stripped.Layers.Count == 0
            || ShapeInference.Infer(stripped, cancellationToken).HasErrors ? null : stripped;

        static EquatableArray<LayerSpec> Strip(EquatableArray<LayerSpec> layers) => layers
            .Where(layer => layer is not UnreadableSpec { Declared: null })
            .Select(layer
                => layer with { Scopes = layer.Scopes.Select(scope => scope with { Layers = Strip(scope.Layers) }).ToEquatableArray() })
            .ToEquatableArray();
    }

    private static bool ContainsUnreadable(EquatableArray<LayerSpec> layers)
        => layers.Any(layer => layer is UnreadableSpec || layer.Scopes.Any(scope => ContainsUnreadable(scope.Layers)));

    /// <summary>In the order of the source, each once: a block that is used twice would repeat its own mistakes.</summary>
    private static EquatableArray<Diagnostic> InOrder(IEnumerable<Diagnostic> diagnostics) => diagnostics
        .Distinct(DiagnosticComparer.Instance)
        .OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath ?? "", StringComparer.Ordinal)
        .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
        .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)
        .ToEquatableArray();
}
