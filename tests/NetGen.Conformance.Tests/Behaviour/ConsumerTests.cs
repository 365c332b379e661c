using System.Collections.Concurrent;
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

    /// <summary>Lines of both frameworks that differ, and whether they differ in their multiply-adds only: many come often.</summary>
    private static readonly ConcurrentDictionary<(string Net10, string Net8), bool> s_differ = new();

    [Theory, MemberData(nameof(Groups))]
    public void Frameworks_differ_in_the_multiply_add_of_128_bits_only(string group)
    {
        IReadOnlyList<Stack> stacks = group == "Golden" ? CompiledNetworks.AllGolden.Stacks : [.. NetworkTable.Stacks(group)];
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
            // No statement has more than a line.
            string[] left = source.Split('\n'), right = net8[file].Split('\n');
            Assert.Equal(left.Length, right.Length);
            foreach ((string net10Line, string net8Line) in left.Zip(right).Where(lines => lines.First != lines.Second))
            {
                Assert.True(s_differ.GetOrAdd((net10Line.Trim(), net8Line.Trim()), DifferInMultiplyAdds),
                    $"{file} differs between frameworks in more than its multiply-adds:\n{net10Line}\n{net8Line}");
            }
        }
    }

    private static bool DifferInMultiplyAdds((string Net10, string Net8) statements)
    {
        StatementSyntax net10 = SyntaxFactory.ParseStatement($"{{{statements.Net10}}}"),
            net8 = SyntaxFactory.ParseStatement($"{{{statements.Net8}}}");
        return !net10.ContainsDiagnostics && !net8.ContainsDiagnostics
            && SyntaxFactory.AreEquivalent(new WithoutMultiplyAdd().Visit(net10), new Bare().Visit(net8));
    }

    /// <summary>
    /// The two projects ask for checked arithmetic and for none. What only one of them has are kernels of a width, whose text is the same
    /// in both and which never look for overflows. The golden networks have all kinds of layers
    /// but <c>AlphaDropout</c>, <c>Part</c> and <c>MatMul</c> of blocks.
    /// </summary>
    [Fact]
    public void No_instruction_looks_for_overflows_because_the_project_says_so()
    {
        Dictionary<string, string> plain = Checks(CompiledNetworks.AllGolden.Together(Consumer.Net10));
        foreach ((string method, string operations) in Checks(CompiledNetworks.AllGolden.Together(Consumer.Net8)))
        {
            string expected = plain.GetValueOrDefault(method, "");
            Assert.True(operations == expected,
                $"{method} has '{operations}' in a project with checked arithmetic, and '{expected}' in others.");
        }
    }

    /// <summary>By method the operations in it that throw on overflow; a few do so in any C#.</summary>
    private static Dictionary<string, string> Checks(IEnumerable<NetworkCompiler> compiled) =>
        compiled.SelectMany(own => own.Assembly.GetTypes()).SelectMany(Instructions.MethodsOf)
            // What the compiler adds, and the user's functions, are there once for each assembly.
            .DistinctBy(method => $"{method.DeclaringType}: {method}").ToDictionary(
                method => $"{method.DeclaringType}: {method}",
                method => string.Join(' ', Instructions.Of(method).Select(operation => operation.Name!).Where(name =>
                    name.Contains(".ovf", StringComparison.Ordinal))));

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
