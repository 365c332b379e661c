using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Reading;

/// <summary>
/// The values of an attribute's arguments by name without regard to case, with what the use of the block around gives to the block's
/// constants. What cannot be computed with these is reported.
/// </summary>
internal sealed class AttributeValues
{
    /// <summary>What every layer has.</summary>
    private const string NameArgument = "Name", SharesArgument = "Shares";

    private readonly Dictionary<string, ArgumentValue> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly AttributeSyntaxMap _syntax;
    private readonly Action<Diagnostic> _report;
    private readonly BlockConstants? _constants;

    /// <param name="typeName">The attribute's name as the user writes it, e.g. <c>Conv2d</c>.</param>
    /// <param name="constants">Other values for the constants of the block around; null where it has its own.</param>
    public AttributeValues(
        AttributeData attribute, string typeName, AttributeSyntaxMap syntax, Action<Diagnostic> report, BlockConstants? constants)
    {
        TypeName = typeName;
        _syntax = syntax;
        _report = report;
        _constants = constants;
        if (Compiles(attribute) && attribute.NamedArguments.Length == _syntax.NamedArgumentCount)
            Collect(attribute);
        else
            HasErrors = true;
        // Names are good for something in an attribute that does not compile, too.
        foreach (KeyValuePair<string, TypedConstant> named in attribute.NamedArguments)
        {
            if (named.Key is NameArgument or SharesArgument && !_values.ContainsKey(named.Key) && !ContainsError(named.Value))
                _values[named.Key] = Compute(named.Key, new ArgumentValue(named.Value));
        }
    }

    public string TypeName { get; }

    /// <summary>The attribute does not compile, or an argument cannot be computed.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>The layer's name as the user chose it; null where there is none, empty where there shall be none.</summary>
    public string? Name => Text(NameArgument);

    /// <summary>The layer whose parameters it uses; null where it has its own.</summary>
    public string? Shares => Text(SharesArgument);

    /// <summary>An argument; null where it is left out.</summary>
    public ArgumentValue? Find(string name) => _values.TryGetValue(name, out ArgumentValue value) ? value : null;

    private string? Text(string name) => Find(name) is { Kind: TypedConstantKind.Primitive } text ? text.Value as string : null;

    /// <summary>The compiler knows its constructor and the values of its arguments.</summary>
    public static bool Compiles(AttributeData attribute)
        => attribute.AttributeConstructor is IMethodSymbol constructor
            && constructor.Parameters.Length == attribute.ConstructorArguments.Length
            && !attribute.ConstructorArguments.Any(ContainsError)
            && !attribute.NamedArguments.Any(named => ContainsError(named.Value));

    private void Collect(AttributeData attribute)
    {
        for (int i = 0; i < attribute.ConstructorArguments.Length; i++)
        {
            IParameterSymbol parameter = attribute.AttributeConstructor!.Parameters[i];
            _values[parameter.Name] = Compute(parameter.Name, new ArgumentValue(Unwrapped(attribute.ConstructorArguments[i], parameter)));
        }
        foreach (KeyValuePair<string, TypedConstant> named in attribute.NamedArguments)
        {
            if (_syntax.IsGivenToConstructor(named.Key))
            {
                HasErrors = true;
                _report(Diagnostic.Create(DiagnosticDescriptors.ArgumentGivenTwice, _syntax.LocateNamed(named.Key), TypeName, named.Key,
                    named.Key));
            }
            _values[named.Key] = Compute(named.Key, new ArgumentValue(named.Value));
        }
    }

    /// <summary>
    /// <c>new[] { 16, 2 }</c> for a list of objects is to C# one object, an array, but a list to everybody else.
    /// </summary>
    private static TypedConstant Unwrapped(TypedConstant value, IParameterSymbol parameter)
        => parameter.IsParams && value is { Kind: TypedConstantKind.Array, IsNull: false, Values.Length: 1 }
            && value.Values[0].Kind == TypedConstantKind.Array && !value.Values[0].IsNull ? value.Values[0] : value;

    /// <summary>The value with what the use of the block around gives to its constants.</summary>
    private ArgumentValue Compute(string name, ArgumentValue value)
    {
        if (_constants is null)
            return value;
        IReadOnlyList<ExpressionSyntax> expressions = _syntax.ExpressionsOf(name);
        if (value.Kind != TypedConstantKind.Array)
            return expressions.Count == 1 ? ComputeOne(value, expressions[0]) : value;
        if (value.Values.Count == expressions.Count)
            return value.WithValues(value.Values.Select((element, i) => ComputeOne(element, expressions[i])).ToArray());
        if (expressions.Any(_constants.Concerns))
            ReportNotComputable(expressions[0]);
        return value;

        ArgumentValue ComputeOne(ArgumentValue declared, ExpressionSyntax expression)
        {
            if (!_constants.Concerns(expression))
                return declared;
            if (declared.Kind == TypedConstantKind.Primitive && _constants.Evaluate(expression) is { HasValue: true } computed)
                return declared.Computed(computed.Value);
            ReportNotComputable(expression);
            return declared;
        }

        void ReportNotComputable(ExpressionSyntax expression)
        {
            HasErrors = true;
            _report(Diagnostic.Create(DiagnosticDescriptors.NotComputable, expression.GetLocation(), TypeName, name, _constants.BlockName));
        }
    }

    private static bool ContainsError(TypedConstant constant) => constant.Kind switch
    {
        TypedConstantKind.Error => true,
        TypedConstantKind.Array => !constant.IsNull && constant.Values.Any(ContainsError),
        _ => false,
    };
}
