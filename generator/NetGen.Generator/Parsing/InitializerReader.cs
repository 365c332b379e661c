using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Parsing;

/// <summary>Reads the <c>[Initialize]</c> attributes of a network or block and checks what can be told without its shapes.</summary>
internal sealed class InitializerReader(SourceMap map, Action<Diagnostic> report, CancellationToken cancellationToken)
{
    private static readonly string[] FanModes = { "FanIn", "FanOut" };
    private static readonly string[] Nonlinearities = { "Linear", "Sigmoid", "Tanh", "ReLU", "LeakyReLU", "SELU" };

    private const string LeakyReLU = "LeakyReLU";

    /// <summary>The numbers that each scheme takes, with PyTorch's defaults, in the order of the runtime's factory method.</summary>
    private static readonly Dictionary<InitScheme, (string Name, double Default)[]> NumbersOf = new()
    {
        [InitScheme.PyTorchDefault] = Array.Empty<(string, double)>(),
        [InitScheme.Uniform] = new[] { ("Minimum", 0.0), ("Maximum", 1.0) },
        [InitScheme.Normal] = new[] { ("Mean", 0.0), ("StandardDeviation", 1.0) },
        [InitScheme.TruncatedNormal] = new[] { ("Mean", 0.0), ("StandardDeviation", 1.0), ("Minimum", -2.0), ("Maximum", 2.0) },
        [InitScheme.Constant] = new[] { ("Value", 0.0) },
        [InitScheme.XavierUniform] = new[] { ("Gain", 1.0) },
        [InitScheme.XavierNormal] = new[] { ("Gain", 1.0) },
        [InitScheme.KaimingUniform] = new[] { ("NegativeSlope", 0.01) },
        [InitScheme.KaimingNormal] = new[] { ("NegativeSlope", 0.01) },
        [InitScheme.Orthogonal] = new[] { ("Gain", 1.0) },
    };

    private int _places;

    /// <param name="scope">Path of the block with a dot behind it; empty for the network.</param>
    /// <param name="constants">Other values for the block's constants; null where it has its own.</param>
    /// <param name="isNameless">The block is used without a name: its layers stand beside others in the scope.</param>
    public IReadOnlyList<InitializerSpec> Read(INamedTypeSymbol type, string scope, BlockConstants? constants, bool isNameless)
    {
        var initializers = new List<InitializerSpec>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        IEnumerable<(AttributeData Data, AttributeSyntax Syntax)> attributes = type.GetAttributes()
            .Where(attribute => attribute.AttributeClass is INamedTypeSymbol attributeClass
                && Symbols.MetadataName(attributeClass) == Symbols.InitializeAttribute)
            .Select(attribute => (attribute, attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) as AttributeSyntax))
            .Where(pair => pair.Item2 is not null)
            .Select(pair => (pair.attribute, pair.Item2!));
        foreach ((AttributeData data, AttributeSyntax syntax) in attributes)
        {
            string place = $"<initialize{scope}{_places.ToString(CultureInfo.InvariantCulture)}>";
            var arguments = new AttributeSyntaxMap(syntax, data.AttributeConstructor);
            var values = new AttributeValues(data, "Initialize", arguments, report, constants);
            if (values.HasErrors || ReadOne(data, values, arguments, place, scope) is not InitializerSpec initializer)
                continue;
            if (isNameless && initializer.Paths.Count == 0)
            {
                report(Diagnostic.Create(DiagnosticDescriptors.InitializerWithoutScope, syntax.GetLocation(), type.Name,
                    initializer.Scheme));
                continue;
            }
            _places++;
            map.Add(place, arguments);
            CheckTwice(initializer, arguments, taken);
            initializers.Add(initializer);
        }
        return initializers;
    }

    /// <returns>Null if the attribute does not compile or has been reported.</returns>
    private InitializerSpec? ReadOne(AttributeData data, AttributeValues arguments, AttributeSyntaxMap syntax, string place, string scope)
    {
        if (arguments.Find("scheme") is not { Kind: TypedConstantKind.Enum, Value: int number }
            || arguments.Find("paths") is not { Kind: TypedConstantKind.Array } names
            || data.NamedArguments.Any(argument => argument.Value.Kind is TypedConstantKind.Error or TypedConstantKind.Array))
            return null;
        if (!Enum.IsDefined(typeof(InitScheme), number))
        {
            report(Diagnostic.Create(DiagnosticDescriptors.InitializerValue, syntax.Locate("scheme"), "Initialize", "scheme",
                "one of the members of Init", MessageText.Number(number)));
            return null;
        }

        var scheme = (InitScheme)number;
        bool isKaiming = scheme is InitScheme.KaimingUniform or InitScheme.KaimingNormal;
        string[] options = NumbersOf[scheme].Select(option => option.Name)
            .Concat(isKaiming ? new[] { "Mode", "Nonlinearity" } : Array.Empty<string>()).ToArray();
        bool isSound = true;
        foreach (string name in data.NamedArguments.Select(argument => argument.Key).Where(name => !options.Contains(name)))
        {
            string takes = options.Length == 0 ? "has no options" : $"has {string.Join(", ", options)}";
            report(Diagnostic.Create(DiagnosticDescriptors.InitializerOption, syntax.LocateNamed(name), scheme, name, takes));
            isSound = false;
        }

        Dictionary<string, object?> values = data.NamedArguments.ToDictionary(argument => argument.Key,
            argument => arguments.Find(argument.Key)?.Value,
            StringComparer.Ordinal);
        string mode = isKaiming ? Member("Mode", FanModes, "FanIn") : "",
            nonlinearity = isKaiming ? Member("Nonlinearity", Nonlinearities, "ReLU") : "";
        if (values.ContainsKey("NegativeSlope") && isKaiming && nonlinearity != LeakyReLU)
        {
            report(Diagnostic.Create(DiagnosticDescriptors.InitializerOption, syntax.LocateNamed("NegativeSlope"),
                $"{scheme} without Nonlinearity.LeakyReLU", "NegativeSlope", "has Mode, Nonlinearity"));
            isSound = false;
        }
        var numbers = new List<float>();
        foreach ((string name, double fallback) in NumbersOf[scheme])
        {
            var value = (float)(values.TryGetValue(name, out object? given) && given is double written ? written : fallback);
            // A maximum comes right behind its minimum.
            string? expected = float.IsNaN(value) || float.IsInfinity(value) ? "a finite number"
                : name == "StandardDeviation" && value < 0 ? "at least 0"
                : name == "Gain" && value <= 0 ? "above 0"
                : name == "Maximum" && value < numbers[numbers.Count - 1] && isSound
                    ? $"at least Minimum, which is {MessageText.Fraction(numbers[numbers.Count - 1])}"
                : null;
            if (expected is not null)
                Report(name, expected, MessageText.Fraction(value));
            numbers.Add(value);
        }

        // Null is no layer's name, and neither is an empty text: both are reported as such when the layers are known.
        IEnumerable<string> paths = names.Values.Select(path => path.Value as string ?? "");
        return isSound
            ? new InitializerSpec(place, scope, paths.ToEquatableArray(), scheme, numbers.ToEquatableArray(), mode, nonlinearity)
            : null;

        // The enumerations are known by name; a number that is none of theirs is reported.
        string Member(string name, string[] members, string fallback)
        {
            if (!values.TryGetValue(name, out object? value) || value is not int index)
                return fallback;
            if (index >= 0 && index < members.Length)
                return members[index];
            Report(name, $"one of {string.Join(", ", members)}", MessageText.Number(index));
            return fallback;
        }

        void Report(string name, string expected, string actual)
        {
            report(Diagnostic.Create(DiagnosticDescriptors.InitializerValue, syntax.LocateNamed(name), scheme, name, expected, actual));
            isSound = false;
        }
    }

    private void CheckTwice(InitializerSpec initializer, AttributeSyntaxMap syntax, HashSet<string> taken)
    {
        if (initializer.Paths.Count == 0 && !taken.Add(""))
            report(Diagnostic.Create(DiagnosticDescriptors.InitializedTwice, syntax.Attribute.GetLocation(), "Everything"));
        for (int i = 0; i < initializer.Paths.Count; i++)
        {
            if (initializer.Paths[i].Length > 0 && !taken.Add(initializer.Paths[i]))
                report(Diagnostic.Create(DiagnosticDescriptors.InitializedTwice, syntax.Locate("paths", i), $"\"{initializer.Paths[i]}\""));
        }
    }
}
