using System.Reflection;
using System.Reflection.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>
/// What a project says must not change what its networks compute. All other tests run code of both <see cref="Consumer">projects</see>;
/// here the code itself is compared, so that no difference hides where the numbers happen to agree.
/// </summary>
public sealed class ConsumerTests
{
    public static TheoryData<string> Groups => new(NetworkTable.Groups.Select(group => group.Name).Prepend("Golden"));

    private static CompiledNetworks.Group Networks(string group) =>
        group == "Golden" ? CompiledNetworks.AllGolden : CompiledNetworks.Table(group);

    [Theory, MemberData(nameof(Groups))]
    public void Frameworks_differ_in_the_multiply_add_of_128_bits_only(string group)
    {
        IReadOnlyList<Stack> stacks = Networks(group).Stacks;
        IReadOnlyDictionary<string, string> net10 = NetworkCompiler.Generate(stacks, Consumer.Net10),
            net8 = NetworkCompiler.Generate(stacks, Consumer.Net8);
        Assert.Equal(net10.Keys.Order(StringComparer.Ordinal), net8.Keys.Order(StringComparer.Ordinal));
        foreach ((string file, string source) in net10)
        {
            if (!file.EndsWith(".Vector128.g.cs", StringComparison.Ordinal))
            {
                Assert.True(source == net8[file], $"{file} differs between frameworks.");
                continue;
            }
            SyntaxNode expected = new WithoutMultiplyAdd().Visit(CSharpSyntaxTree.ParseText(source).GetRoot()),
                actual = CSharpSyntaxTree.ParseText(net8[file]).GetRoot();
            Assert.True(SyntaxFactory.AreEquivalent(expected, new Bare().Visit(actual)),
                $"{file} differs between frameworks in more than its multiply-adds:\n{FirstDifference(expected, actual)}");
        }
    }

    /// <summary>
    /// The two projects ask for checked arithmetic and for none. What only one of them has are kernels of a width, whose text is the same
    /// in both and which never look for overflows.
    /// </summary>
    [Theory, MemberData(nameof(Groups))]
    public void No_instruction_looks_for_overflows_because_the_project_says_so(string group)
    {
        Dictionary<string, string> plain = Checks(Networks(group).Together(Consumer.Net10).Assembly);
        foreach ((string method, string operations) in Checks(Networks(group).Together(Consumer.Net8).Assembly))
        {
            string expected = plain.GetValueOrDefault(method, "");
            Assert.True(operations == expected,
                $"{method} has '{operations}' in a project with checked arithmetic, and '{expected}' in others.");
        }
    }

    /// <summary>By method the operations in it that throw on overflow; a few do so in any C#.</summary>
    private static Dictionary<string, string> Checks(Assembly assembly) =>
        assembly.GetTypes().SelectMany(Instructions.MethodsOf).ToDictionary(
        method => $"{method.DeclaringType}: {method}",
        method => string.Join(' ', Instructions.Of(method).Select(operation => operation.Name!).Where(name =>
            name.Contains(".ovf", StringComparison.Ordinal))));

    private static string FirstDifference(SyntaxNode expected, SyntaxNode actual)
    {
        string[] left = expected.ToString().Split('\n'), right = new Bare().Visit(actual).ToString().Split('\n');
        int line = Enumerable.Range(0, Math.Min(left.Length, right.Length)).FirstOrDefault(i => left[i].Trim() != right[i].Trim());
        return $"{left[line]}\n{right[line]}";
    }

    /// <summary>The tree says what belongs together: brackets add nothing to it.</summary>
    private class Bare : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitParenthesizedExpression(ParenthesizedExpressionSyntax node) => Visit(node.Expression);
    }

    /// <summary>As for .NET 8: <c>a * b + c</c> for each call that multiplies and adds.</summary>
    private sealed class WithoutMultiplyAdd : Bare
    {
        public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
        {
            if (node.Expression.ToString() != "Vector128.MultiplyAddEstimate")
                return base.VisitInvocationExpression(node);
            ExpressionSyntax[] operands = node.ArgumentList.Arguments.Select(argument =>
                (ExpressionSyntax)Visit(argument.Expression)).ToArray();
            return SyntaxFactory.BinaryExpression(SyntaxKind.AddExpression,
                SyntaxFactory.BinaryExpression(SyntaxKind.MultiplyExpression, operands[0], operands[1]), operands[2]);
        }
    }
}
