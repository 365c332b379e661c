using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetGen.Generator.Reading;

/// <summary>
/// Values that one use of a block gives to its constants, and what expressions come to with them: the compiler knows the constants with
/// their declared values only.
/// </summary>
/// <param name="given">From the block's constants to values of their types.</param>
internal sealed class BlockConstants(SemanticModels models, INamedTypeSymbol block, IReadOnlyDictionary<ISymbol, object?> given)
{
    /// <summary>What a constant that takes values may be, for messages.</summary>
    public const string Types = "int, float, double, bool or string";

    public string BlockName => block.Name;

    /// <summary>The block's constants that can be given values, in the order of declaration.</summary>
    public static IReadOnlyList<IFieldSymbol> Of(INamedTypeSymbol block) => block.GetMembers().OfType<IFieldSymbol>()
        .Where(field => field is
        {
            IsConst: true,
            Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_Single or SpecialType.System_Double
                or SpecialType.System_Boolean or SpecialType.System_String,
        }).ToList();

    /// <summary>The type of a constant in messages, e.g. <c>string</c>, whether or not it may be null.</summary>
    public static string TypeName(IFieldSymbol constant)
        => constant.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString();

    /// <summary>
    /// What a constant becomes by a value that it is given, converted as C# does it without a cast; none where C# would not.
    /// </summary>
    public static Optional<object?> Convert(ArgumentValue value, ITypeSymbol type, Compilation compilation)
    {
        if (value.IsNull)
            return type.SpecialType == SpecialType.System_String ? new Optional<object?>(null) : default;
        if (value.Kind != TypedConstantKind.Primitive || value.Type is not { } given)
            return default;
        Conversion conversion = compilation.ClassifyConversion(given, type);
        return conversion.IsIdentity || (conversion.IsImplicit && conversion.IsNumeric)
            ? ConstantOperators.Convert(value.Value, type) : default;
    }

    /// <summary>The expression may have another value than the compiler knows.</summary>
    public bool Concerns(ExpressionSyntax expression)
    {
        SemanticModel model = models.Of(expression);
        return expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => IsOfBlock(model.GetSymbolInfo(name).Symbol));
    }

    /// <summary>The value of an expression with the values given; none where it cannot be computed.</summary>
    public Optional<object?> Evaluate(ExpressionSyntax expression)
    {
        try
        {
            return Compute(expression);
        }
        catch (ArithmeticException)
        {
            // Divides by zero, or leaves the range of int.
            return default;
        }
    }

    /// <summary>An expression's value, of the type that it is converted to where it stands.</summary>
    private Optional<object?> Compute(ExpressionSyntax expression)
    {
        SemanticModel model = models.Of(expression);
        Optional<object?> value = Concerns(expression) ? ComputeAnew(expression, model) : model.GetConstantValue(expression);
        return value.HasValue ? ConstantOperators.Convert(value.Value, model.GetTypeInfo(expression).ConvertedType) : default;
    }

    private Optional<object?> ComputeAnew(ExpressionSyntax expression, SemanticModel model)
    {
        switch (expression)
        {
            case IdentifierNameSyntax or MemberAccessExpressionSyntax:
                return ValueOf(model.GetSymbolInfo(expression).Symbol);
            case ParenthesizedExpressionSyntax parenthesized:
                return Compute(parenthesized.Expression);
            case PrefixUnaryExpressionSyntax unary:
                return Compute(unary.Operand) is { HasValue: true, Value: var operand }
                    ? ConstantOperators.Unary(unary.Kind(), operand) : default;
            case BinaryExpressionSyntax binary:
                return Compute(binary.Left) is { HasValue: true, Value: var left }
                    && Compute(binary.Right) is { HasValue: true, Value: var right }
                    ? ConstantOperators.Binary(binary.Kind(), left, right) : default;
            case ConditionalExpressionSyntax choice:
                return Compute(choice.Condition) is { HasValue: true, Value: bool condition }
                    ? Compute(condition ? choice.WhenTrue : choice.WhenFalse) : default;
            case CastExpressionSyntax cast:
                return Compute(cast.Expression) is { HasValue: true, Value: var whole }
                    ? ConstantOperators.Convert(whole, model.GetTypeInfo(cast).Type) : default;
            case InterpolatedStringExpressionSyntax text:
                return Join(text);
            case InvocationExpressionSyntax:
                // A nameof, which is the name whatever the value.
                return model.GetConstantValue(expression);
            default:
                return default;
        }
    }

    private Optional<object?> Join(InterpolatedStringExpressionSyntax text)
    {
        string joined = "";
        foreach (InterpolatedStringContentSyntax content in text.Contents)
        {
            if (content is InterpolatedStringTextSyntax written)
                joined += written.TextToken.ValueText;
            else if (content is InterpolationSyntax { AlignmentClause: null, FormatClause: null } hole
                && Compute(hole.Expression) is { HasValue: true, Value: null or string } part)
                joined += part.Value;
            else
                return default;
        }
        return joined;
    }

    private Optional<object?> ValueOf(ISymbol? symbol)
    {
        if (symbol is not IFieldSymbol { IsConst: true } field)
            return default;
        if (given.TryGetValue(field, out object? value))
            return value;
        // A constant made of others: the compiler refuses those that depend on themselves.
        return IsOfBlock(field) && field.HasConstantValue
            && field.DeclaringSyntaxReferences[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } initializer }
            ? Compute(initializer)
            : field.HasConstantValue ? new Optional<object?>(field.ConstantValue) : default;
    }

    private bool IsOfBlock(ISymbol? symbol)
        => symbol is IFieldSymbol { IsConst: true } && SymbolEqualityComparer.Default.Equals(symbol.ContainingType, block);
}
