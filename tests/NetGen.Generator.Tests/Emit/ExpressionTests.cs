using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Tests.Emit;

/// <summary>An expression that is made part of another keeps what belongs together.</summary>
public class ExpressionTests
{
    [Theory]
    [InlineData("x", "x")]
    [InlineData("input[i + 1]", "input[i + 1]")]
    [InlineData("Vector128<float>.Zero", "Vector128<float>.Zero")]
    [InlineData("Vector128.Load(x + i)", "Vector128.Load(x + i)")]
    [InlineData("(a - b)", "(a - b)")]
    [InlineData("a - b", "(a - b)")]
    [InlineData("(a + b) * (c + d)", "((a + b) * (c + d))")]
    [InlineData("Exp(x) * scale", "(Exp(x) * scale)")]
    [InlineData("-x", "(-x)")]
    public void OperandsHaveBracketsWhereTheyNeedThem(string expression, string operand)
        => Assert.Equal(operand, Expressions.Operand(expression));

    /// <summary>Before .NET 9 there is no call for it at 128 bits.</summary>
    [Fact]
    public void WithoutACallTheMultiplyAddIsAProductAndASum()
    {
        VectorIsa isa = VectorIsa.For(new TargetSpec(HasMultiplyAddEstimate: false)).Single(i => i.Bits == 128);
        Assert.Equal("(a * b + c)", isa.MultiplyAdd("a", "b", "c"));
        Assert.Equal("((a - b) * (-c) + (d * e))", isa.MultiplyAdd("a - b", "-c", "d * e"));
        Assert.Equal("(a * b + (c * d + e))", isa.MultiplyAdd("a", "b", isa.MultiplyAdd("c", "d", "e")));
        Assert.Equal("(a * b + c).Store(x);", isa.Store(isa.MultiplyAdd("a", "b", "c"), "x"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryMultiplyAddIsAnOperand(bool hasMultiplyAddEstimate)
    {
        foreach (VectorIsa isa in VectorIsa.For(new TargetSpec(hasMultiplyAddEstimate)))
        {
            string sum = isa.MultiplyAdd("a - b", "c + d", "e - f");
            var product = Assert.IsType<BinaryExpressionSyntax>(SyntaxFactory.ParseExpression($"x / {sum}"));
            Assert.Equal((SyntaxKind.DivideExpression, "x", sum), (product.Kind(), product.Left.ToString(), product.Right.ToString()));
            var negated = Assert.IsType<PrefixUnaryExpressionSyntax>(SyntaxFactory.ParseExpression($"-{sum}"));
            Assert.Equal(sum, negated.Operand.ToString());
        }
    }
}
