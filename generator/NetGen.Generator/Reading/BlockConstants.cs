using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetGen.Generator.Reading;

/// <summary>
/// Values that one use of a block gives to its constants, and what expressions come to with them: the compiler knows the constants with
/// their declared values only.
/// </summary>
internal sealed class BlockConstants
{
    private readonly Dictionary<ISymbol, int> _given = new(SymbolEqualityComparer.Default);
    private readonly Compilation _compilation;
    private readonly INamedTypeSymbol _block;

    /// <param name="values">No more than the block has constants.</param>
    public BlockConstants(Compilation compilation, INamedTypeSymbol block, IReadOnlyList<int> values)
    {
        _compilation = compilation;
        _block = block;
        IReadOnlyList<IFieldSymbol> constants = Of(block);
        for (int i = 0; i < values.Count; i++)
            _given.Add(constants[i], values[i]);
    }

    public string BlockName => _block.Name;

    /// <summary>The block's constants that can be given values, in the order of declaration.</summary>
    public static IReadOnlyList<IFieldSymbol> Of(INamedTypeSymbol block) => block.GetMembers().OfType<IFieldSymbol>()
        .Where(field => field is { IsConst: true, Type.SpecialType: SpecialType.System_Int32 }).ToList();

    /// <summary>The expression may have another value than the compiler knows.</summary>
    public bool Concerns(ExpressionSyntax expression)
    {
        SemanticModel model = _compilation.GetSemanticModel(expression.SyntaxTree);
        return expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => IsOfBlock(model.GetSymbolInfo(name).Symbol));
    }

    /// <summary>The value of an expression with the values given; null where it cannot be computed.</summary>
    public int? Evaluate(ExpressionSyntax expression)
    {
        try
        {
            return Compute(expression);
        }
        catch (ArithmeticException)
        {
            // Divides by zero, or leaves the range of int.
            return null;
        }
    }

    private int? Compute(ExpressionSyntax expression)
    {
        if (!Concerns(expression))
            return _compilation.GetSemanticModel(expression.SyntaxTree).GetConstantValue(expression).Value as int?;
        switch (expression)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return Compute(parenthesized.Expression);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus:
                return checked(-Compute(minus.Operand));
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryPlusExpression } plus:
                return Compute(plus.Operand);
            case BinaryExpressionSyntax binary:
                return Compute(binary.Left) is int left && Compute(binary.Right) is int right ? Apply(binary.Kind(), left, right) : null;
            case IdentifierNameSyntax or MemberAccessExpressionSyntax:
                return ValueOf(_compilation.GetSemanticModel(expression.SyntaxTree).GetSymbolInfo(expression).Symbol);
            default:
                return null;
        }
    }

    private static int? Apply(SyntaxKind operation, int left, int right) => operation switch
    {
        SyntaxKind.AddExpression => checked(left + right),
        SyntaxKind.SubtractExpression => checked(left - right),
        SyntaxKind.MultiplyExpression => checked(left * right),
        SyntaxKind.DivideExpression => checked(left / right),
        SyntaxKind.ModuloExpression => checked(left % right),
        _ => null,
    };

    private int? ValueOf(ISymbol? symbol)
    {
        if (symbol is not IFieldSymbol { IsConst: true } field)
            return null;
        if (_given.TryGetValue(field, out int given))
            return given;
        // A constant made of others: the compiler refuses those that depend on themselves.
        return IsOfBlock(field) && field.HasConstantValue
            && field.DeclaringSyntaxReferences[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } value }
            ? Compute(value)
            : field.ConstantValue as int?;
    }

    private bool IsOfBlock(ISymbol? symbol)
        => symbol is IFieldSymbol { IsConst: true } && SymbolEqualityComparer.Default.Equals(symbol.ContainingType, _block);
}
