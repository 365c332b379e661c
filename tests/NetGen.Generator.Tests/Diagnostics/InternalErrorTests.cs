using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Tests.Diagnostics;

public class InternalErrorTests
{
    [Fact]
    public void ExceptionsBecomeADiagnosticOfOneLine()
    {
        Diagnostic? reported = null;
        int result = InternalErrors.Guard<int>(
            () => throw new InvalidOperationException("first\nsecond"),
            exception =>
            {
                reported = InternalErrors.Create(Location.None, "Net", exception);
                return 7;
            });

        Assert.Equal(7, result);
        string message = reported!.GetMessage(CultureInfo.InvariantCulture);
        Assert.Equal("NG9999", reported.Id);
        Assert.Contains("'Net'", message, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: first | second", message, StringComparison.Ordinal);
        Assert.Contains("report", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void CancellationPasses()
        => Assert.Throws<OperationCanceledException>(() => InternalErrors.Guard<int>(() => throw new OperationCanceledException(), _ => 0));
}
