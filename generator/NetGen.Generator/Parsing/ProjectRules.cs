using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Parsing;

/// <summary>What the generated code asks of the project, and what it can use there.</summary>
internal static class ProjectRules
{
    /// <summary>The oldest C# that compiles the generated code, which uses collection expressions.</summary>
    private const LanguageVersion Oldest = LanguageVersion.CSharp12;

    public static void Check(Compilation compilation, string networkName, Location location, Action<Diagnostic> report)
    {
        if (compilation is not CSharpCompilation csharp)
            return;
        if (!csharp.Options.AllowUnsafe)
            report(Diagnostic.Create(DiagnosticDescriptors.UnsafeNotAllowed, location, networkName));
        if (csharp.LanguageVersion < Oldest)
        {
            report(Diagnostic.Create(DiagnosticDescriptors.LanguageVersionTooOld, location, networkName, Oldest.ToDisplayString(),
                csharp.LanguageVersion.ToDisplayString()));
        }
    }

    public static TargetSpec ReadTarget(Compilation compilation)
    {
        INamedTypeSymbol? vector = compilation.GetTypeByMetadataName("System.Runtime.Intrinsics.Vector128");
        return new TargetSpec(HasMultiplyAddEstimate: vector is not null && !vector.GetMembers("MultiplyAddEstimate").IsEmpty);
    }
}
